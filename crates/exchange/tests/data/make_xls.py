"""Makes roster.xls, an old workbook as offices have it. Needs the Python library xlwt (1.3)."""

import datetime
import sys

import xlwt

book = xlwt.Workbook(encoding="utf-8")
sheet = book.add_sheet("花名册")
sheet.write_merge(0, 0, 0, 6, "某某区干部花名册")
for column, heading in enumerate(["序号", "单 位", "姓 名", "工号", "手机号码", "出生年月", "职 级"]):
    sheet.write(1, column, heading)
day = xlwt.easyxf(num_format_str="yyyy/m/d")
sheet.write_merge(2, 3, 1, 1, "区财政局")
sheet.write_merge(5, 6, 1, 1, "城关镇/东村")
people = [
    (2, "张 三", 1001, 13800138000, datetime.date(1985, 7, 1), "四级主任科员"),
    (3, "李四", "1002", "138 0013 8001", "1990.10", "一级科员"),
    (5, "王五", "1003", 13800138002, 198812, "二级科员"),
    (6, "赵六", "1004", "", 31229, ""),
]
for number, (row, name, staff_no, phone, born, rank) in enumerate(people, 1):
    sheet.write(row, 0, number)
    sheet.write(row, 2, name)
    sheet.write(row, 3, staff_no)
    sheet.write(row, 4, phone)
    sheet.write(row, 5, born, day) if isinstance(born, datetime.date) else sheet.write(row, 5, born)
    sheet.write(row, 6, rank)
sheet.write(4, 0, "小计")
sheet.write(4, 3, 2)
hidden = book.add_sheet("旧名单")
hidden.write(0, 0, "姓名")
hidden.visibility = 1
book.add_sheet("Sheet3")
book.save(sys.argv[1] if len(sys.argv) > 1 else "roster.xls")
