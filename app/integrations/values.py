"""Words in cells that stand for a claim or a priority, in English and Chinese."""

import re

_CLAIMS = {
    "todo": "not started,open,todo,to do,to-do,not verified,new,planned,pending,not done,scheduled,ready,no,false,backlog,"
    "未开始,未開始,待办,待辦,待处理,计划中,未完成,未执行,否,待执行,☐",
    "running": "in progress,in-progress,inprogress,started,running,ongoing,active,wip,doing,executing,进行中,進行中,执行中,"
    "处理中,已开始",
    "done": "done,completed,complete,finished,closed,fulfilled,ok,passed,resolved,yes,true,x,✓,✔,✅,☑,完成,已完成,已关闭,"
    "通过,是,已执行,结束",
    "failed": "failed,failure,error,not ok,失败,失敗,未通过,异常",
    "blocked": "blocked,on hold,on-hold,hold,waiting,deferred,stuck,阻塞,受阻,暂停,挂起,等待,等待中,搁置",
    "skipped": "skipped,n/a,na,not required,not applicable,cancelled,canceled,obsolete,dropped,跳过,已跳过,不适用,不適用,"
    "取消,已取消,无需",
}
_CLAIM_OF = {word: claim for claim, words in _CLAIMS.items() for word in words.split(",")}
_PRIORITIES = {
    1: "critical,highest,urgent,very high,blocker,immediate,p0,p1,紧急,緊急,最高,极高,特急,致命",
    2: "high,h,major,important,p2,高,较高,重要,严重",
    3: "medium,m,normal,moderate,mid,average,p3,中,中等,普通,一般,正常",
    4: "low,l,minor,p4,低,较低,次要",
    5: "lowest,very low,trivial,p5,最低,极低",
}
_PRIORITY_OF = {word: number for number, words in _PRIORITIES.items() for word in words.split(",")}
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(%?)")


def claim_of(text: str) -> str | None:
    """The claim a status word or percentage makes, None when it is neither."""
    plain = _plain(text)
    if plain in _CLAIM_OF:
        return _CLAIM_OF[plain]
    if found := _PERCENT.fullmatch(plain):
        value = float(found[1].replace(",", ".")) * (
            1 if found[2] or float(found[1].replace(",", ".")) > 1 else 100
        )
        if value <= 100:
            return "todo" if value == 0 else "done" if value == 100 else "running"
    return None


def priority_of(text: str) -> int | None:
    """1 to 5; a number up to 1000 is read as MS Project counts, where 1000 is the most important."""
    plain = _plain(text)
    if plain in _PRIORITY_OF:
        return _PRIORITY_OF[plain]
    lead = re.match(r"(p[0-5]|[1-5])(?=\W)", plain)  # "1 - Critical", "P2 (High)"
    if lead:
        return max(1, int(lead[1][-1]))
    if not plain.isdecimal() or int(plain[:5]) > 1000:
        return None
    number = int(plain)
    if number <= 5:
        return max(1, number)
    return next(
        priority for priority, least in ((1, 800), (2, 600), (3, 400), (4, 200), (5, 0)) if number >= least
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())
