"""The whole table of bad inputs that `qiao` is given on the command line."""

from __future__ import annotations

from tests.bad_input import (
    alicloud_rows,
    app_rows,
    chat_rows,
    file_rows,
    function_rows,
    gateway_rows,
    model_rows,
    network_rows,
    region_rows,
    secret_rows,
    site_rows,
    web_rows,
)
from tests.bad_input.row import Row

TABLE: tuple[Row, ...] = (
    *file_rows.ROWS,
    *app_rows.ROWS,
    *chat_rows.ROWS,
    *function_rows.ROWS,
    *gateway_rows.ROWS,
    *network_rows.ROWS,
    *region_rows.ROWS,
    *secret_rows.ROWS,
    *alicloud_rows.ROWS,
    *model_rows.ROWS,
    *web_rows.ROWS,
    *site_rows.ROWS,
)
