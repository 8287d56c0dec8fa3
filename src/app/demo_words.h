/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the demo company. Invented; any likeness to a real firm is chance. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct DemoPerson {
    const char *name, *login, *title;
} DemoPerson;
static const DemoPerson demo_people[] = {
    {"周雅宁", "zhou.yaning", "销售总监"}, {"陈思远", "chen.siyuan", "高级销售"},
    {"赵雨桐", "zhao.yutong", "销售"},     {"孙浩然", "sun.haoran", "销售"},
    {"刘洋", "liu.yang", "销售"},          {"吴凡", "wu.fan", "销售"},
    {"林志远", "lin.zhiyuan", "销售"},     {"徐静", "xu.jing", "销售"},
};

typedef struct DemoProduct {
    const char *name, *english, *code, *unit, *series;
    int64_t price;
} DemoProduct;
static const DemoProduct demo_products[] = {
    {"五轴加工单元", "Five-axis machining cell", "MC-500", "set", "加工", 590000},
    {"柔性产线", "Flexible line", "FL-200", "set", "产线", 960000},
    {"视觉检测站", "Vision inspection station", "VI-100", "unit", "检测", 210000},
    {"晶圆搬运机械臂", "Wafer handling arm", "RA-60", "unit", "机器人", 143000},
    {"打磨机器人", "Grinding robot", "RG-30", "unit", "机器人", 132000},
    {"仓储物流改造", "Warehouse logistics upgrade", "WL-10", "set", "物流", 286000},
    {"MES数据采集", "MES data collection", "SW-MES", "set", "软件", 158000},
    {"备件年度框架", "Yearly spare parts", "SP-Y", "year", "服务", 46800},
    {"维保服务包", "Maintenance package", "SV-3Y", "year", "服务", 24800},
    {"洁净车间监控", "Clean room monitoring", "CR-20", "set", "检测", 418000},
};

typedef struct DemoCity {
    const char *name, *region, *prefix;
} DemoCity;
static const DemoCity demo_cities[] = {
    {"苏州", "jiangsu", "0512"},  {"宁波", "zhejiang", "0574"},  {"无锡", "jiangsu", "0510"},
    {"杭州", "zhejiang", "0571"}, {"上海", "shanghai", "021"},   {"南京", "jiangsu", "025"},
    {"合肥", "anhui", "0551"},    {"深圳", "guangdong", "0755"}, {"广州", "guangdong", "020"},
    {"武汉", "hubei", "027"},     {"成都", "sichuan", "028"},    {"西安", "shaanxi", "029"},
    {"青岛", "shandong", "0532"}, {"沈阳", "liaoning", "024"},   {"天津", "tianjin", "022"},
    {"北京", "beijing", "010"},
};

static const char *const demo_first[] = {
    "恒", "海", "华", "云", "申", "紫", "启", "瑞", "正", "联", "锦", "江", "博", "信", "盛",
    "弘", "汉", "光", "远", "新", "嘉", "德", "凯", "宏", "泰", "金", "天", "鼎", "安", "永"};
static const char *const demo_second[] = {
    "锐", "纳", "芯", "岚", "润", "金", "明", "科", "鑫", "达", "越", "海", "远", "泽", "和",
    "毅", "诚", "谷", "博", "辰", "昌", "源", "森", "宇", "格", "维", "拓", "邦", "颐", "隆"};
typedef struct DemoTrade {
    const char *name, *industry;
} DemoTrade;
static const DemoTrade demo_trades[] = {
    {"精密机械", "manufacturing"}, {"汽车部件", "manufacturing"},
    {"半导体", "manufacturing"},   {"智造科技", "it"},
    {"生物医药", "health"},        {"电力设备", "utilities"},
    {"新能源", "utilities"},       {"显示技术", "manufacturing"},
    {"阀门", "manufacturing"},     {"包装材料", "manufacturing"},
    {"纺织科技", "manufacturing"}, {"船舶配套", "manufacturing"},
    {"光电科技", "research"},      {"模具", "manufacturing"},
    {"进出口", "trade"},           {"检测技术", "research"},
    {"建筑工程", "construction"},  {"冷链物流", "transport"},
};
static const char *const demo_sizes[] = {"micro", "small", "small", "medium", "medium", "large"};
static const char *const demo_levels[] = {"key",    "important", "important", "normal",
                                          "normal", "normal",    "small"};
static const char *const demo_sources[] = {"referral", "website", "exhibition", "phone_out",
                                           "wechat",   "partner", "search"};
static const char *const demo_surnames[] = {
    "李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭",
    "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "曾", "单"};
static const char *const demo_given[] = {"建平", "慧",   "晓东", "一鸣", "佩琳", "永康", "立群",
                                         "文博", "国栋", "燕",   "伟",   "海峰", "静",   "志远",
                                         "晓燕", "晨",   "涛",   "磊",   "敏",   "欣怡", "子涵",
                                         "浩",   "雪梅", "秀英", "志强", "丽",   "俊杰", "婷"};
static const char *const demo_titles[] = {"总经理",     "生产总监", "采购经理",
                                          "技术总监",   "设备经理", "采购",
                                          "工艺工程师", "财务经理", "厂长"};
static const char *const demo_losses[] = {"price", "competitor", "budget", "postponed",
                                          "no_decision"};

typedef struct DemoStage {
    const char *code;
    bool closed, loss;
} DemoStage;
static const DemoStage demo_stages[] = {
    {"identify", false, false},    {"needs", false, false},   {"quotation", false, false},
    {"negotiation", false, false}, {"signing", false, false}, {"won", true, false},
    {"lost", true, true},
};
static const unsigned char demo_stage_shares[] = {0, 0, 1, 1, 2, 2, 3, 4, 5, 5, 5, 5, 6, 6, 6};
