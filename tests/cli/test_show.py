"""`kb show`: an article and what was cut away from around it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Call
from tests.cli.program import kb

PAGE = """<html lang=vi><head><title>Chợ hoa đêm dời chỗ</title>
<meta property="article:published_time" content="2025-11-10T08:15:00+07:00"></head><body>
<h1>Chợ hoa đêm dời chỗ, người bán chia hai ngả</h1><div class="detail-content afcbc-body">
<p>Từ rạng sáng, hơn một trăm quầy hoa đã dọn sang bãi mới cách chỗ cũ chừng bốn trăm mét, trong khi
vài chục người vẫn ở lại bên bờ đê vì sợ mất khách quen đã mua bán hàng chục năm nay.</p>
<figure><img><figcaption>Quầy hoa ở bãi mới. Ảnh: Minh Đức</figcaption></figure>
<p>Ban quản lý chợ nói sẽ miễn phí chỗ ngồi đến hết tháng 12, rồi thu tiền mỗi ngày.</p>
<div type="RelatedOneNews"><a href="/r">Ba làng nghề mở hội xuân</a></div></div></body></html>"""
CUT = ["Ba làng nghề mở hội xuân", "Quầy hoa ở bãi mới. Ảnh: Minh Đức"]


def test_what_was_cut_can_be_shown(tmp_path: Path) -> None:
    (tmp_path / "cho-hoa.html").write_text(PAGE, encoding="utf-8")
    assert kb(tmp_path, "ingest", "cho-hoa.html").code == 0
    plain = kb(tmp_path, "show", "1", language="en")
    assert (plain.code, plain.err) == (0, "")
    assert "Chợ hoa đêm dời chỗ, người bán chia hai ngả" in plain.out
    assert "10/11/2025 08:15 (meta)" in plain.out
    assert CUT[0] not in plain.out
    whole = kb(tmp_path, "show", "1", "--cut", language="en").out
    assert "Cut away from around the text (vccorp/1):" in whole
    assert [row for row in whole.splitlines() if row.startswith("- ")] == [f"- {c}" for c in CUT]
    (row,) = json.loads(kb(tmp_path, "show", "1", "--cut", "--format", "json").out)
    assert (row["cut"].split("\n"), row["parser"]) == (CUT, "vccorp/1")
    assert "cut" not in json.loads(kb(tmp_path, "show", "1", "--format", "json").out)[0]


def test_an_article_that_is_not_there(call: Call) -> None:
    done = call("show", "9999")
    assert (done.code, done.out) == (2, "")
    assert "no article 9999" in done.err
