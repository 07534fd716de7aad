"""A plan as a spreadsheet has it, the same a week later, and what was done with it here meanwhile: for pictures and tests."""

from typing import Any

from app.commands.tasks import add_task, delete_task, set_task
from app.queries.checklist import checklist

FIRST = {
    "en": """Go-live weekend north plant,,,,,,,
ID,Phase,Activity,Responsible,Planned duration / effort,Depends on,Severity,Cost centre
NP-1,Freeze,Stop the batch jobs of the old system,Nina Ruiz,30 min,,see runbook,4711
NP-2,,Lock all users but the cutover team,Omar Haddad,15 min,NP-1,,4711
NP-3,,Extract open orders and stock,Nina Ruiz,1h30,NP-2,p. 12,4712
NP-4,,Back up the old system,Sena Aydin,2 h,NP-2,,4712
NP-5,Load,Load business partners,Omar Haddad,90,NP-3,,4712
NP-6,,Load materials,Omar Haddad,1h15,NP-5,,4713
NP-7,,Load open orders,Nina Ruiz,45,NP-6,,4713
NP-8,,Reconcile stock value with the ledger,Leo Brandt,60,NP-7,see annex,4713
NP-9,Open,Switch the interfaces,Sena Aydin,20,NP-8,,4714
NP-10,,First order from quote to invoice,Leo Brandt,40,NP-9,,4714
NP-11,,Unlock the users,Omar Haddad,soon,NP-10,,4714
""",
    "zh": """北区工厂上线周末,,,,,,,
编号,阶段,工作内容,责任人,预计耗时/工作量,前置任务,严重性,成本中心
NP-1,冻结,停止旧系统批处理作业,李雷,30分钟,,见手册,4711
NP-2,,锁定除切换团队外的全部用户,韩梅梅,15分钟,NP-1,,4711
NP-3,,导出未结订单与库存,李雷,1小时30分,NP-2,第12页,4712
NP-4,,备份旧系统,王芳,2小时,NP-2,,4712
NP-5,导入,导入业务伙伴,韩梅梅,90,NP-3,,4712
NP-6,,导入物料主数据,韩梅梅,75,NP-5,,4713
NP-7,,导入未结订单,李雷,45,NP-6,,4713
NP-8,,库存价值与总账对账,赵强,60,NP-7,见附件,4713
NP-9,开放,切换接口,王芳,20,NP-8,,4714
NP-10,,从报价到开票走通第一单,赵强,40,NP-9,,4714
NP-11,,解锁用户,韩梅梅,很快,NP-10,,4714
""",
}
_LATER = {
    "en": (
        ("NP-1,Freeze,Stop the batch jobs of the old system,Nina Ruiz,30 min", "NP-1,Freeze,Stop the batch jobs of the old system,Nina Ruiz,45 min"),
        ("Lock all users but the cutover team", "Lock all users except the cutover team"),
        ("NP-4,,Back up the old system,Sena Aydin,2 h,NP-2,,4712\n", ""),
        ("NP-6,,Load materials,Omar Haddad,1h15,NP-5", "NP-6,,Load materials,Sena Aydin,2h,NP-5"),
        ("NP-8,,Reconcile stock value with the ledger,Leo Brandt,60,NP-7", "NP-8,,Reconcile stock value with the ledger,Leo Brandt,90,NP-6"),
        ("NP-9,Open", "NP-14,,Call the auditor,Leo Brandt,10,NP-8,,\nNP-9,Open"),
        ("NP-11,,Unlock", "NP-12,,Tell the plant that it is open,Nina Ruiz,5,NP-10,,4714\nNP-11,,Unlock"),
    ),
    "zh": (
        ("停止旧系统批处理作业,李雷,30分钟", "停止旧系统批处理作业,李雷,45分钟"),
        ("锁定除切换团队外的全部用户", "锁定切换团队以外的所有用户"),
        ("NP-4,,备份旧系统,王芳,2小时,NP-2,,4712\n", ""),
        ("NP-6,,导入物料主数据,韩梅梅,75,NP-5", "NP-6,,导入物料主数据,王芳,2小时,NP-5"),
        ("NP-8,,库存价值与总账对账,赵强,60,NP-7", "NP-8,,库存价值与总账对账,赵强,90,NP-6"),
        ("NP-9,开放", "NP-14,,电话通知审计,赵强,10,NP-8,,\nNP-9,开放"),
        ("NP-11,,解锁", "NP-12,,通知工厂已开放,李雷,5,NP-10,,4714\nNP-11,,解锁"),
    ),
}  # fmt: skip
_LONG = {
    "en": "NP-{n},,Reconcile the sub-ledger balances of company code {n} with the general ledger in the presence of both "
    "auditors and confirm every difference in writing,Maximiliane-Theodora von Hohenlohe-Waldenburg {n},{m},,,4711",
    "zh": "NP-{n},,由两位审计师在场监督，将公司代码 {n} 的明细账余额与总账逐一核对并书面确认每一项差异,"
    "欧阳若琳·阿卜杜勒热合曼·图尔荪江 {n},{m},,,4711",
}


def first(language: str, more: int = 0) -> str:
    """The file as it came in; `more` rows that are far too long."""
    return FIRST[language] + "".join(_LONG[language].format(n=100 + n, m=n % 90) + "\n" for n in range(more))


def later(language: str, more: int = 0) -> str:
    """The file a week later: some rows changed, two new, one gone; every third of the long ones takes longer."""
    text = FIRST[language]
    for old, new in _LATER[language]:
        assert old in text
        text = text.replace(old, new)
    rows = (_LONG[language].format(n=100 + n, m=n % 90 + (n % 3 == 0)) for n in range(more))
    return text + "".join(f"{row}\n" for row in rows)


def edit_here(workspace: Any, project: bytes, language: str) -> None:
    """What was done here meanwhile: two durations, one task more, one deleted."""
    tasks = {one.title: one for one in workspace.read(checklist, project, None, language).tasks}
    titles = [row.split(",")[2] for row in FIRST[language].splitlines()[2:]]
    workspace.run(
        set_task, tasks[titles[5]].id, {"minutes": 100}, language=language
    )  # the file changes it too
    workspace.run(
        set_task, tasks[titles[2]].id, {"minutes": 80}, language=language
    )  # the file leaves it alone
    workspace.run(delete_task, tasks[titles[9]].id)
    stage = tasks[titles[0]].stage_id
    mine = {"en": "Count the fork lifts", "zh": "清点叉车"}[language]
    workspace.run(add_task, project, mine, stage=stage, language=language)
