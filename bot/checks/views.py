"""Words and buttons about a checked draft. Pure."""

from bot.checks.rule import Checked
from bot.language.speech import _
from bot.shared.message import Button, Message, copy
from bot.shared.text import cut, html

SHOWN = 4


def result(draft: str, checked: Checked) -> Message:
    """What breaks the norms, why, and the sentence to send instead."""
    if not checked.findings:
        lines = [_("可以发，没有忌语。")]
    else:
        lines = [_("有 {n} 处不能这样说：").format(n=len(checked.findings))]
    for finding in checked.findings[:SHOWN]:
        lines.append(_("“{found}”：{why}").format(found=html(cut(finding.found, 30)), why=html(finding.why)))
    for hint in checked.hints[: SHOWN if not checked.findings else 1]:
        lines.append(_("建议：“{found}”，{why}").format(found=html(cut(hint.found, 30)), why=html(hint.why)))
    buttons: list[Button] = []
    if checked.rewrite:
        lines.append(_("改成这样发："))
        lines.append(f"<code>{html(checked.rewrite)}</code>")
        if button := copy(_("复制"), checked.rewrite):
            buttons.append(button)
    elif checked.findings:
        lines.append(_("请改写后再发，改好可用 /check 再查。"))
    return Message(text="\n".join(lines), buttons=(tuple(buttons),) if buttons else ())


def ask_draft() -> Message:
    return Message(text=_("把准备发给客户的话贴过来，看看有没有忌语。"))
