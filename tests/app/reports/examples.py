"""Papers of one story, the S/4HANA cutover, in the sizes and states that tests and eyes need."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.words import (
    CheckKind,
    CheckOutcome,
    GateState,
    IdentityLevel,
    Presence,
    Requirement,
    RunKind,
    Status,
)
from app.reports.papers import (
    Check,
    ChecklistLine,
    ChecklistPaper,
    ChecklistStage,
    CoveredStep,
    Evidence,
    GatePaper,
    Hand,
    MissingSignOff,
    PaperCriterion,
    PaperException,
    PaperStatement,
    SignatureBlock,
    Texts,
)

START = datetime(2026, 3, 6, 22, tzinfo=UTC)
DIGEST = hashlib.sha256(b"content").hexdigest()


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def a_line(number: str, titles: Texts, start: int, minutes: int, **values: object) -> ChecklistLine:
    line = ChecklistLine(
        number=number,
        titles=titles,
        owner="Burak Ozkan",
        minutes=minutes,
        planned_start=at(start),
        planned_finish=at(start + minutes),
    )
    return replace(line, **values)  # type: ignore[arg-type]  # names are checked by replace at run time


def done(start: int, minutes: int, who: str = "Burak Ozkan", second: str = "") -> dict[str, object]:
    return {
        "status": Status.DONE,
        "actual_start": at(start),
        "actual_finish": at(start + minutes),
        "done_by": Hand(name=who, at=at(start + minutes)),
        "confirmed_by": Hand(name=second, at=at(start + minutes + 5)) if second else None,
    }


def a_check(texts: Texts, outcome: CheckOutcome | None = CheckOutcome.PASS, **values: object) -> Check:
    return replace(Check(texts=texts, outcome=outcome), **values)  # type: ignore[arg-type]  # as above


def first_stage() -> ChecklistStage:
    lines = (
        a_line(
            "1.1",
            ("Lock legacy ECC transactions (SPRO/SM01)", "锁定旧 ECC 事务（SPRO/SM01）"),
            0,
            15,
            checks=(a_check(("SM01: 14 transactions locked", "SM01：14 个事务已锁")),),
            evidence=(Evidence("sm01-lock.png", sha("lock"), 182_400),),
            **done(12, 14, second="Deniz Aksoy"),
        ),
        a_line(
            "1.2",
            ("Export GL balances from ECC (ZFGL_EXPORT)", "从 ECC 导出总账余额（ZFGL_EXPORT）"),
            15,
            45,
            instructions=(
                "Run ZFGL_EXPORT for company codes 1000, 2000 and 3000, then compare the control totals.",
                "对公司代码 1000、2000、3000 执行 ZFGL_EXPORT，然后核对控制总额。",
            ),
            checks=(
                a_check(
                    ("Export totals equal ECC totals", "导出合计与 ECC 一致"),
                    kind=CheckKind.PAIR,
                    value="4,812,330.17 = 4,812,330.17",
                    target="equal",
                ),
            ),
            **done(26, 53),
        ),
        a_line(
            "1.3",
            ("Load GL opening balances via LTMC", "用 LTMC 装载总账期初余额"),
            60,
            90,
            checks=(
                a_check(
                    ("0 errors in LTMC protocol", "LTMC 报告 0 个错误"),
                    kind=CheckKind.VALUE,
                    value="0",
                    target="0",
                ),
                a_check(
                    ("Sum of balances = 0.00", "余额合计为 0.00"),
                    kind=CheckKind.VALUE,
                    value="0.02",
                    target="0.00 ± 0.05",
                    note="rounding of company code 2000",
                ),
            ),
            evidence=(
                Evidence("ltmc-protocol.pdf", sha("ltmc"), 1_240_000),
                Evidence("总账期初余额核对表.xlsx", sha("gl"), 88_000),
            ),
            **done(79, 93, second="Derya Celik"),
        ),
        a_line(
            "1.4",
            ("Load vendor/customer master (Cockpit)", "装载供应商与客户主数据（迁移工作台）"),
            150,
            120,
            status=Status.RUNNING,
            actual_start=at(172),
            second_person=True,
            owner="Emre Koc",
            checks=(
                a_check(("Cockpit project released", "迁移项目已发布")),
                a_check(
                    ("Vendor file count equals ECC", "供应商数与 ECC 一致"),
                    CheckOutcome.FAIL,
                    kind=CheckKind.PAIR,
                    value="12,411 ≠ 12,412",
                    target="equal",
                    note="one vendor blocked in ECC",
                ),
                a_check(
                    ("Customer file count equals ECC", "客户数与 ECC 一致"),
                    CheckOutcome.NA,
                    note="no customers in this wave",
                ),
                a_check(("Error log empty or explained", "错误日志为空或已说明"), None),
            ),
        ),
        a_line(
            "1.5",
            ("Validate data load — counts & checksums", "核对装载结果：记录数与校验和"),
            270,
            60,
            status=Status.WAITING,
            second_person=True,
            owner="Emre Koc",
            checks=(
                a_check(
                    ("Record counts equal", "记录数一致"), None, kind=CheckKind.PAIR, target="source = target"
                ),
                a_check(("20 samples compared on screen", "抽查 20 条"), None),
            ),
        ),
    )
    return ChecklistStage(
        number="1",
        titles=("Data load — finance master data", "数据迁移：财务主数据"),
        owner="Burak Ozkan",
        lines=lines,
    )


def second_stage() -> ChecklistStage:
    lines = (
        a_line(
            "2.1",
            ("Activate bank connectivity (payment gateway)", "启用银行直连（支付网关）"),
            180,
            30,
            owner="Selin Yildiz",
            checks=(a_check(("Ping and test message, 4 banks", "4 家银行连通测试")),),
            **done(182, 27, "Selin Yildiz"),
        ),
        a_line(
            "2.2",
            ("Enable EDI — ORDERS/INVOIC/DESADV", "开通 EDI 通道：ORDERS/INVOIC/DESADV"),
            210,
            45,
            owner="Selin Yildiz",
            status=Status.CLAIMED,
            actual_start=at(210),
            actual_finish=at(271),
            done_by=Hand(name="Selin Yildiz", at=at(271)),
            second_person=True,
            missing=(Requirement.FILE, Requirement.SECOND),
            checks=(
                a_check(("ORDERS, INVOIC, DESADV each passed", "三类报文均通过")),
                a_check(("Channel test log attached", "已附通道测试记录"), None),
            ),
        ),
    )
    return ChecklistStage(
        number="2",
        titles=("Interfaces — banks & EDI", "接口启用：银行与 EDI"),
        owner="Selin Yildiz",
        lines=lines,
    )


SIGNATURES = (
    SignatureBlock(role=("Cutover manager", "切换经理"), name="Deniz Aksoy"),
    SignatureBlock(role=("Quality assurance", "质量保证")),
)


def a_checklist(languages: tuple[str, ...] = ("en", "zh"), **values: object) -> ChecklistPaper:
    """One page and a bit; with one language only its texts are given."""
    paper = ChecklistPaper(
        project="Wave 1 Go-Live — Finance & Procurement",
        run="Cutover weekend",
        run_kind=RunKind.LIVE,
        languages=languages,
        zone="Europe/Istanbul",
        plan="v3, frozen",
        window_start=START,
        window_end=at(56 * 60),
        no_return_after=at(28 * 60),
        digest=DIGEST,
        digest_rev=1,
        printed_at=at(281),
        printed_by="Deniz Aksoy",
        stages=(first_stage(), second_stage()),
        signatures=SIGNATURES,
        binding={"project": "0199aa", "statements": ()},
    )
    paper = replace(paper, **values)  # type: ignore[arg-type]  # as above
    return paper if languages == ("en", "zh") else in_language_order(paper)


def in_language_order(paper: ChecklistPaper) -> ChecklistPaper:
    """The same paper with the texts of its own languages only."""
    order = [("en", "zh").index(language) for language in paper.languages]

    def pick(texts: Texts) -> Texts:
        return tuple(texts[place] for place in order if place < len(texts))

    def line(one: ChecklistLine) -> ChecklistLine:
        checks = tuple(replace(check, texts=pick(check.texts)) for check in one.checks)
        return replace(one, titles=pick(one.titles), instructions=pick(one.instructions), checks=checks)

    stages = tuple(
        replace(stage, titles=pick(stage.titles), lines=tuple(map(line, stage.lines)))
        for stage in paper.stages
    )
    signatures = tuple(replace(block, role=pick(block.role)) for block in paper.signatures)
    return replace(paper, stages=stages, signatures=signatures)


def many_lines(count: int) -> tuple[ChecklistStage, ...]:
    """Stages of twenty steps, each told apart from the others."""
    stages = []
    for first in range(0, count, 20):
        number = first // 20 + 1
        lines = tuple(
            a_line(
                f"{number}.{at_ + 1}",
                (f"Load object {first + at_ + 1} into company code {1000 + at_}",),
                first + at_,
                15,
                owner=("Burak Ozkan", "Emre Koc", "Selin Yildiz")[at_ % 3],
                status=(Status.TODO, Status.READY, Status.DONE)[at_ % 3],
            )
            for at_ in range(min(20, count - first))
        )
        stages.append(
            ChecklistStage(number=str(number), titles=(f"Stage {number}",), owner="Deniz Aksoy", lines=lines)
        )
    return tuple(stages)


def a_statement(person: str, role: Texts, meaning: str, minutes: int, **values: object) -> PaperStatement:
    statement = PaperStatement(
        id=sha(person + meaning)[:32],
        person=person,
        role=role,
        meaning=meaning,
        happened_at=at(minutes),
        recorded_at=at(minutes) + timedelta(seconds=15),
        key=f"{sha(person)[:4]} {sha(person)[4:8]} {sha(person)[8:12]}",
        identity=IdentityLevel.VOUCHED,
        presence=Presence.PIN,
        device=f"laptop of {person}",
        digest=DIGEST,
    )
    return replace(statement, **values)  # type: ignore[arg-type]  # as above


CRITERIA = (
    PaperCriterion(
        texts=("Data load reconciliation passed", "数据装载对账通过"),
        outcome=CheckOutcome.PASS,
        value="delta 0.02 %",
        target="≤ 0.1 %",
        judged_by="Burak Ozkan",
        judged_at=at(-180),
        evidence=(Evidence("reconciliation.xlsx", sha("rec"), 412_000),),
    ),
    PaperCriterion(
        texts=("Interface connectivity verified", "接口连通已验证"),
        outcome=CheckOutcome.PASS,
        value="12 of 12 end to end, 4 March",
        judged_by="Selin Yildiz",
        judged_at=at(-180),
    ),
    PaperCriterion(
        texts=("Authorization readiness complete", "权限准备完成"),
        outcome=CheckOutcome.FAIL,
        waived=True,
        value="12 SoD conflicts",
        target="0",
        judged_by="Can Aydin",
        judged_at=at(-300),
        evidence=(Evidence("sod-report-2026-03-06.pdf", sha("sod"), 2_310_000),),
    ),
    PaperCriterion(
        texts=("Open P1/P2 defects = 0", "未关闭的 P1/P2 缺陷 = 0"),
        outcome=CheckOutcome.PASS,
        value="0 and 0",
        judged_by="Elif Demir",
        judged_at=at(-240),
    ),
)
STEPS = (
    CoveredStep(number="1.1", titles=("Lock legacy ECC transactions", "锁定旧 ECC 事务"), status=Status.DONE),
    CoveredStep(
        number="1.2", titles=("Export GL balances from ECC", "从 ECC 导出总账余额"), status=Status.DONE
    ),
    CoveredStep(number="1.3", titles=("Enable EDI", "开通 EDI 通道"), status=Status.DONE),
)
RULE = (
    ("All criteria hold or are waived.", "所有标准均满足或已豁免。"),
    (
        "Approved by the cutover manager and the steering committee, two different persons, vouched.",
        "由切换经理与指导委员会批准；须为不同人员，且身份经担保。",
    ),
)
COUNTING = (
    a_statement("Deniz Aksoy", ("Cutover manager", "切换经理"), "prepared", -26),
    a_statement(
        "Ahmet Yilmaz",
        ("Steering committee", "指导委员会"),
        "waived",
        -3,
        reason="12 SoD conflicts touch no cutover step.",
        conditions=(
            "“Authorization readiness complete” need not hold to start; firefighter IDs follow in step 3.3.",
            "“权限准备完成”不作为开始的条件；应急账号在步骤 3.3 补齐。",
        ),
        expires_at=at(19 * 60),
    ),
    a_statement(
        "Ahmet Yilmaz", ("Steering committee", "指导委员会"), "approved", -2, identity=IdentityLevel.COMPANY
    ),
    a_statement(
        "Ahmet Yilmaz", ("Steering committee", "指导委员会"), "go", -1, identity=IdentityLevel.COMPANY
    ),
)
NOT_COUNTING = (
    a_statement(
        "Deniz Aksoy",
        ("Cutover manager", "切换经理"),
        "approved",
        -118,
        stale=True,
        digest=sha("before"),
        changes=(
            "21:20 training completion 87.3 → 91.2 %, by Zeynep Arslan",
            "21:20 培训完成率 87.3 → 91.2%，修改人 Zeynep Arslan",
        ),
    ),
    a_statement(
        "Elif Demir",
        ("Hypercare manager", "护航经理"),
        "reviewed",
        -90,
        withdrawn=True,
        reason="Signed the wrong gate.",
        presence=Presence.SCRIPT,
        identity=IdentityLevel.SELF_DECLARED,
    ),
    a_statement("张三", ("Technical lead", "技术负责人"), "approved", -80, rejected=True, recorded_at=None),
)


def a_gate(state: GateState = GateState.FINAL, **values: object) -> GatePaper:
    paper = GatePaper(
        project="Wave 1 Go-Live — Finance & Procurement",
        run="Cutover weekend",
        run_kind=RunKind.LIVE,
        languages=("en", "zh"),
        zone="Europe/Istanbul",
        plan="v3, frozen",
        digest=DIGEST,
        digest_rev=1,
        printed_at=at(281),
        printed_by="Deniz Aksoy",
        gate=("C  Ready to go live", "准备就绪"),
        state=state,
        sequencer="launchbook.example.org, key 7d41 09ce",
        opened_at=None if state is GateState.CLOSED else at(-1),
        rule=RULE,
        criteria=CRITERIA,
        steps=STEPS,
        statements=COUNTING,
        binding={"gate": "0199ab", "statements": tuple(item.id for item in COUNTING)},
    )
    return replace(paper, **values)  # type: ignore[arg-type]  # as above


def a_troubled_gate() -> GatePaper:
    return a_gate(
        GateState.CLOSED,
        criteria=(*CRITERIA[:3], replace(CRITERIA[3], outcome=None, value="")),
        steps=(*STEPS[:2], replace(STEPS[2], status=Status.CLAIMED)),
        statements=(COUNTING[0], *NOT_COUNTING),
        missing=(
            MissingSignOff(role=("Cutover manager", "切换经理"), meaning="approved", name="Deniz Aksoy"),
            MissingSignOff(role=("Steering committee", "指导委员会"), meaning="approved"),
        ),
        exceptions=(
            PaperException(texts=("Signed content changed after go", "放行后已签内容被修改"), at=at(100)),
            PaperException(
                texts=("Late signature of Elif Demir", "Elif Demir 的迟到签署"),
                at=at(120),
                answer="Accepted; she was offline on site.",
                answered_by="Ahmet Yilmaz",
                answered_at=at(140),
            ),
        ),
        evidence=(Evidence("培训签到表.pdf", sha("training"), 640_123, "1.3"),),
        not_covered=(Evidence("late-screenshot.png", sha("late"), 52_000, "1.2"),),
    )


def with_checks(stages: tuple[ChecklistStage, ...], each: int) -> tuple[ChecklistStage, ...]:
    """The same steps with checks that already have a result."""
    checks = tuple(a_check((f"Control total {number} equals the source",)) for number in range(1, each + 1))
    return tuple(
        replace(stage, lines=tuple(replace(line, checks=checks) for line in stage.lines)) for stage in stages
    )
