/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the demo company: see the header. */
#include "demo/demo_words.h"

#define COUNTED(name) const size_t demo_n_##name = sizeof demo_##name / sizeof demo_##name[0]

const DemoCity demo_cities[] = {
    {"苏州", "jiangsu", "suzhou_320500", "0512", "east", 14, 3130, 12062},
    {"宁波", "zhejiang", "ningbo", "0574", "east", 9, 2987, 12154},
    {"无锡", "jiangsu", "wuxi", "0510", "east", 9, 3157, 12030},
    {"杭州", "zhejiang", "hangzhou", "0571", "east", 12, 3027, 12016},
    {"上海", "shanghai", "shanghai", "021", "east", 16, 3123, 12147},
    {"南京", "jiangsu", "nanjing", "025", "east", 8, 3206, 11880},
    {"合肥", "anhui", "hefei", "0551", "east", 6, 3182, 11723},
    {"温州", "zhejiang", "wenzhou", "0577", "east", 4, 2800, 12067},
    {"青岛", "shandong", "qingdao", "0532", "east", 6, 3607, 12038},
    {"济南", "shandong", "jinan", "0531", "east", 4, 3665, 11712},
    {"福州", "fujian", "fuzhou_350100", "0591", "east", 3, 2607, 11930},
    {"厦门", "fujian", "xiamen", "0592", "east", 4, 2448, 11809},
    {"深圳", "guangdong", "shenzhen", "0755", "south", 13, 2254, 11406},
    {"广州", "guangdong", "guangzhou", "020", "south", 11, 2313, 11326},
    {"东莞", "guangdong", "dongguan", "0769", "south", 6, 2302, 11375},
    {"佛山", "guangdong", "foshan", "0757", "south", 5, 2302, 11312},
    {"南宁", "guangxi", "nanning", "0771", "south", 2, 2282, 10837},
    {"海口", "hainan", "haikou", "0898", "south", 1, 2004, 11032},
    {"北京", "beijing", "beijing", "010", "north", 12, 3990, 11641},
    {"天津", "tianjin", "tianjin", "022", "north", 5, 3913, 11720},
    {"石家庄", "hebei", "shijiazhuang", "0311", "north", 3, 3804, 11451},
    {"太原", "shanxi", "taiyuan", "0351", "north", 2, 3787, 11255},
    {"武汉", "hubei", "wuhan", "027", "central", 7, 3059, 11431},
    {"长沙", "hunan", "changsha", "0731", "central", 5, 2823, 11294},
    {"郑州", "henan", "zhengzhou", "0371", "central", 5, 3475, 11363},
    {"南昌", "jiangxi", "nanchang", "0791", "central", 2, 2868, 11586},
    {"成都", "sichuan", "chengdu", "028", "southwest", 8, 3057, 10407},
    {"重庆", "chongqing", "chongqing", "023", "southwest", 6, 2956, 10655},
    {"昆明", "yunnan", "kunming", "0871", "southwest", 2, 2504, 10271},
    {"贵阳", "guizhou", "guiyang", "0851", "southwest", 2, 2665, 10663},
    {"西安", "shaanxi", "xian", "029", "northwest", 5, 3434, 10894},
    {"兰州", "gansu", "lanzhou", "0931", "northwest", 1, 3606, 10383},
    {"乌鲁木齐", "xinjiang", "wulumuqi", "0991", "northwest", 1, 4383, 8762},
    {"沈阳", "liaoning", "shenyang", "024", "northeast", 3, 4180, 12343},
    {"大连", "liaoning", "dalian", "0411", "northeast", 3, 3891, 12161},
    {"长春", "jilin", "changchun", "0431", "northeast", 2, 4382, 12532},
    {"哈尔滨", "heilongjiang", "haerbin", "0451", "northeast", 2, 4580, 12653},
};
COUNTED(cities);

const DemoTrade demo_trades[] = {
    {"精密机械", "manufacturing"},
    {"汽车部件", "manufacturing"},
    {"半导体", "manufacturing"},
    {"智造科技", "it"},
    {"生物医药", "health"},
    {"电力设备", "utilities"},
    {"新能源", "utilities"},
    {"显示技术", "manufacturing"},
    {"阀门", "manufacturing"},
    {"包装材料", "manufacturing"},
    {"纺织科技", "manufacturing"},
    {"船舶配套", "manufacturing"},
    {"光电科技", "research"},
    {"模具", "manufacturing"},
    {"进出口", "trade"},
    {"检测技术", "research"},
    {"建筑工程", "construction"},
    {"冷链物流", "transport"},
    {"餐饮管理", "catering"},
    {"酒店管理", "catering"},
    {"商贸", "trade"},
    {"信息技术", "it"},
    {"文化传媒", "culture"},
    {"会展服务", "business"},
    {"教育科技", "education"},
    {"物业服务", "real_estate"},
};
COUNTED(trades);

const char *const demo_word_first[] = {
    "恒", "海", "华", "云", "申", "紫", "启", "瑞", "正", "联", "锦", "江", "博",
    "信", "盛", "弘", "汉", "光", "远", "新", "嘉", "德", "凯", "宏", "泰", "金",
    "天", "鼎", "安", "永", "同", "中", "东", "南", "利", "益", "普", "思", "格",
    "奥", "科", "众", "汇", "百", "卓", "佳", "润", "万", "国", "力",
};
COUNTED(word_first);

const char *const demo_word_second[] = {
    "锐", "纳", "芯", "岚", "润", "金", "明", "科", "鑫", "达", "越", "海", "远",
    "泽", "和", "毅", "诚", "谷", "博", "辰", "昌", "源", "森", "宇", "格", "维",
    "拓", "邦", "颐", "隆", "通", "泰", "安", "捷", "胜", "丰", "康", "宝", "创",
    "成", "兴", "腾", "祥", "晟", "航", "腾", "峰", "凌", "益", "立",
};
COUNTED(word_second);

const char *const demo_firm_ends[] = {
    "有限公司", "有限公司", "有限公司", "有限公司", "股份有限公司", "集团有限公司",
};
COUNTED(firm_ends);

const char *const demo_surnames[] = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄",   "周",   "吴", "徐", "孙", "马", "朱",
    "胡", "郭", "何", "高", "林", "罗", "郑", "梁",   "谢",   "宋", "唐", "许", "韩", "冯",
    "邓", "曹", "彭", "曾", "肖", "田", "董", "袁",   "潘",   "于", "蒋", "蔡", "余", "杜",
    "叶", "程", "苏", "魏", "吕", "丁", "任", "沈",   "姚",   "卢", "姜", "崔", "钟", "谭",
    "陆", "汪", "范", "金", "石", "廖", "贾", "夏",   "韦",   "付", "方", "白", "邹", "孟",
    "熊", "秦", "邱", "江", "尹", "薛", "闫", "段",   "雷",   "侯", "龙", "史", "陶", "黎",
    "贺", "顾", "毛", "郝", "龚", "邵", "万", "钱",   "严",   "覃", "武", "戴", "莫", "孔",
    "向", "汤", "单", "解", "仇", "区", "查", "欧阳", "上官",
};
COUNTED(surnames);

const char *const demo_given_first[] = {
    "建", "晓", "志", "文", "海", "国", "子", "雨", "思", "佳", "俊", "永", "立",
    "一", "雪", "秀", "明", "春", "家", "浩", "欣", "梓", "宇", "嘉", "天", "心",
    "美", "德", "玉", "世", "振", "少", "新", "金", "红", "小", "亚", "婉", "若",
    "诗", "承", "景", "泽", "启", "可", "安", "润", "清", "慧",
};
COUNTED(given_first);

const char *const demo_given_second[] = {
    "平", "东", "鸣", "琳", "康", "群", "博", "栋", "燕", "伟", "峰", "静", "远", "晨", "涛",
    "磊", "敏", "怡", "涵", "然", "梅", "英", "强", "丽", "杰", "婷", "桐", "凡", "宁", "华",
    "军", "勇", "芳", "娟", "超", "辉", "鹏", "飞", "玲", "霞", "刚", "萍", "红", "明", "丹",
    "宁", "乐", "轩", "瑶", "妍", "凯", "琪", "雯", "旭", "岚", "璐", "阳", "薇", "哲",
};
COUNTED(given_second);

const char *const demo_districts[] = {
    "高新区", "经济开发区", "江北区", "城东区", "新城区",
    "滨江区", "工业园区",   "保税区", "中心区", "西湖区",
};
COUNTED(districts);

const char *const demo_streets[] = {
    "人民路", "中山路", "建设路", "解放路", "科技路", "创新大道",
    "工业路", "长江路", "学府路", "金融街", "滨河路", "软件园路",
};
COUNTED(streets);

const DemoTitle demo_titles[] = {
    {"总经理", "board", "decider"},         {"副总经理", "executive", "decider"},
    {"生产总监", "director", "influencer"}, {"采购经理", "manager", "buyer"},
    {"技术总监", "director", "technical"},  {"设备经理", "manager", "user"},
    {"采购专员", "staff", "buyer"},         {"工艺工程师", "staff", "technical"},
    {"财务经理", "manager", "finance"},     {"厂长", "director", "approver"},
    {"行政主管", "manager", "gatekeeper"},  {"信息主管", "manager", "technical"},
    {"市场经理", "manager", "influencer"},  {"总经理助理", "staff", "gatekeeper"},
};
COUNTED(titles);

const DemoNote demo_notes[] = {
    {"phone", "interested", "首次电话沟通，介绍了公司和主要产品，对方愿意了解，约了下周发资料。",
     0},
    {"wechat", "considering", "加了微信，发了产品样册和两个同行案例，客户说先和技术部门讨论。", 0},
    {"phone", "no_answer", "连打两次未接，晚些时候再联系。", -1},
    {"visit", "interested",
     "上门拜访，看了现有产线，节拍瓶颈在上下料，设备有替换计划，预算年底前定。", 1},
    {"meeting", "considering",
     "与技术、采购三方会议，明确了精度、节拍和接口要求，会后补一份技术协议。", 1},
    {"demo", "interested",
     "展厅演示，客户带了两件样件试加工，结果满意，希望看到更长时间的稳定性数据。", 1},
    {"email", "quoted", "发出第一版报价，含安装调试和一年质保，有效期三十天。", 2},
    {"phone", "considering",
     "客户认为价格比同行高一成左右，解释了售后响应和备件价格，等待内部评审。", 2},
    {"visit", "quoted", "当面讲解报价，客户要求把维保服务包单列，并给出三年总成本对比。", 2},
    {"meeting", "considering", "商务谈判第一轮，付款方式由三三四改为三六一，交期压到八周。", 3},
    {"wechat", "considering", "对方总经理出差，约定周四再谈最终价格，同时在对比另一家。", 3},
    {"phone", "postponed", "项目因厂房改造延期一个季度，改为每月跟进一次。", 3},
    {"meeting", "deal", "合同条款确认完毕，法务已审，等用印。", 4},
    {"email", "deal", "合同扫描件已收到，预付款本周到账，安排排产。", 4},
    {"phone", "refused", "客户选择了另一家，主要原因是价格，保持联系，明年二期再看。", -1},
    {"phone", "interested", "回访使用情况，设备运行稳定，提出两台旧设备的升级需求。", -1},
    {"wechat", "other", "节日问候，顺带了解产能情况，四季度订单饱满。", -1},
    {"visit", "considering", "例行拜访，主管反映耗材消耗快，建议按季度签年度框架。", -1},
    {"phone", "considering", "核对对账单，应收下月结清，约了月底再确认。", -1},
    {"sample", "interested", "寄出耗材样品两套，物流单号已发客户。", 1},
    {"exhibition", "interested", "展会现场交流二十分钟，名片已录入，对视觉检测方案感兴趣。", 0},
    {"chat", "considering", "官网在线咨询，询问最小起订量和交期。", 0},
    {"sms", NULL, "发送到店活动短信，告知会员日优惠。", -1},
    {"phone", "invalid", "号码为空号，请市场核对来源。", -1},
};
COUNTED(notes);

const char *const demo_next_plans[] = {
    "电话确认方案", "发送补充资料", "上门拜访",     "约技术交流会", "跟进报价反馈",
    "确认合同条款", "回访使用情况", "邀请参观展厅", "催收尾款",     "提醒续约",
};
COUNTED(next_plans);

const DemoPerson demo_people[] = {
    {"周雅宁", "zhou.yaning", "销售总监"}, {"陈思远", "chen.siyuan", "高级销售"},
    {"赵雨桐", "zhao.yutong", "销售"},     {"孙浩然", "sun.haoran", "销售"},
    {"刘洋", "liu.yang", "销售"},          {"吴凡", "wu.fan", "销售"},
    {"林志远", "lin.zhiyuan", "销售"},     {"徐静", "xu.jing", "销售"},
};
COUNTED(people);

const DemoPosition demo_positions[] = {
    {"sales_director", "销售总监", "Sales director", "sales_manager"},
    {"senior_account_manager", "高级客户经理", "Senior account manager", "seller"},
    {"account_manager", "客户经理", "Account manager", "seller"},
    {"sales_support", "销售支持", "Sales support", "sales_ops"},
};
COUNTED(positions);

const DemoRival demo_rivals[] = {
    {"迈高自动化", "渠道广，价格低一成", "售后响应慢，备件贵", "high"},
    {"精越装备", "加工精度高，标杆客户多", "交期长，最低起订量高", "high"},
    {"华拓智能", "软件集成能力强", "现场服务人员少", "medium"},
    {"东森机器人", "本地化快，付款条件宽", "机型少，稳定性投诉多", "medium"},
    {"百捷物联", "数据采集方案便宜", "只做软件，不做硬件", "low"},
};
COUNTED(rivals);

const DemoSource demo_sources[] = {
    {"referral", 16, 58}, {"website", 14, 38}, {"exhibition", 13, 42}, {"phone_out", 12, 24},
    {"wechat", 10, 40},   {"partner", 8, 50},  {"search", 9, 34},      {"store", 8, 45},
    {"social", 5, 30},    {"event", 3, 44},    {"employee", 2, 55},
};
COUNTED(sources);

const DemoReason demo_losses[] = {
    {"price", 30},       {"competitor", 24}, {"budget", 12}, {"postponed", 14},
    {"no_decision", 12}, {"delivery", 4},    {"product", 4},
};
COUNTED(losses);

const DemoReason demo_wins[] = {
    {"product", 26},      {"service", 20}, {"price", 18},
    {"relationship", 18}, {"brand", 10},   {"delivery", 8},
};
COUNTED(wins);

const DemoReason demo_lead_ends[] = {
    {"no_need", 28},    {"unreachable", 22}, {"no_budget", 14}, {"wrong_contact", 10},
    {"not_target", 12}, {"duplicate", 6},    {"competitor", 8},
};
COUNTED(lead_ends);

const DemoProduct demo_products[] = {
    {"五轴加工单元", "Five-axis machining cell", "MC-500", "set", "加工", 59000000, 41800000,
     GOODS_MACHINE, 8},
    {"柔性产线", "Flexible line", "FL-200", "set", "产线", 96000000, 70100000, GOODS_MACHINE, 4},
    {"视觉检测站", "Vision inspection station", "VI-100", "unit", "检测", 21000000, 13600000,
     GOODS_MACHINE, 14},
    {"晶圆搬运机械臂", "Wafer handling arm", "RA-60", "unit", "机器人", 14300000, 9900000,
     GOODS_MACHINE, 8},
    {"打磨机器人", "Grinding robot", "RG-30", "unit", "机器人", 13200000, 9100000, GOODS_MACHINE,
     12},
    {"仓储物流改造", "Warehouse logistics upgrade", "WL-10", "set", "物流", 28600000, 20900000,
     GOODS_MACHINE, 7},
    {"MES数据采集", "MES data collection", "SW-MES", "set", "软件", 15800000, 6200000,
     GOODS_MACHINE, 16},
    {"洁净车间监控", "Clean room monitoring", "CR-20", "set", "检测", 41800000, 29300000,
     GOODS_MACHINE, 6},
    {"商用咖啡机", "Commercial coffee machine", "CM-8", "unit", "咖啡", 3680000, 2290000,
     GOODS_MACHINE, 12},
    {"备件年度框架", "Yearly spare parts", "SP-Y", "year", "服务", 4680000, 2500000, GOODS_SERVICE,
     10},
    {"维保服务包", "Maintenance package", "SV-3Y", "year", "服务", 2480000, 1100000, GOODS_SERVICE,
     16},
    {"操作培训", "Operator training", "TR-2D", "day", "服务", 680000, 260000, GOODS_SERVICE, 8},
    {"远程诊断订阅", "Remote diagnosis", "RD-12", "year", "服务", 960000, 210000, GOODS_SERVICE, 8},
    {"主轴轴承", "Spindle bearing", "SP-101", "piece", "备件", 286000, 164000, GOODS_SPARE, 12},
    {"刀柄套装", "Tool holder set", "SP-102", "set", "备件", 128000, 74000, GOODS_SPARE, 14},
    {"切削液20L", "Cutting fluid 20 L", "SP-103", "box", "备件", 46000, 29000, GOODS_SPARE, 22},
    {"砂带(50条)", "Sanding belts (50)", "SP-104", "box", "备件", 39000, 23000, GOODS_SPARE, 16},
    {"导轨润滑脂", "Rail grease", "SP-105", "box", "备件", 21000, 12000, GOODS_SPARE, 14},
    {"工业相机镜头", "Machine vision lens", "SP-106", "piece", "备件", 198000, 117000, GOODS_SPARE,
     8},
    {"真空吸盘", "Vacuum cup", "SP-107", "piece", "备件", 8600, 4300, GOODS_SPARE, 12},
    {"气动接头套件", "Pneumatic fittings", "SP-108", "set", "备件", 12800, 6900, GOODS_SPARE, 12},
    {"过滤芯", "Filter element", "SP-109", "piece", "备件", 16500, 8800, GOODS_SPARE, 18},
    {"意式咖啡豆1kg", "Espresso beans 1 kg", "CF-01", "piece", "咖啡", 12800, 7000, GOODS_COFFEE,
     24},
    {"单品咖啡豆250g", "Single origin 250 g", "CF-02", "piece", "咖啡", 6800, 3500, GOODS_COFFEE,
     14},
    {"挂耳咖啡20片", "Drip bags (20)", "CF-03", "box", "咖啡", 5900, 2900, GOODS_COFFEE, 18},
    {"咖啡滤纸100张", "Coffee filters (100)", "CF-04", "box", "咖啡", 1900, 700, GOODS_COFFEE, 12},
    {"纯牛奶12盒", "Milk (12)", "CF-05", "box", "咖啡", 5400, 4100, GOODS_COFFEE, 16},
    {"燕麦奶6盒", "Oat milk (6)", "CF-06", "box", "咖啡", 7800, 5200, GOODS_COFFEE, 10},
    {"手冲壶", "Pour-over kettle", "CF-07", "piece", "咖啡", 16800, 8900, GOODS_COFFEE, 5},
    {"磨豆机", "Coffee grinder", "CF-08", "unit", "咖啡", 39800, 23000, GOODS_COFFEE, 4},
    {"龙井茶100g", "Longjing tea 100 g", "TE-01", "piece", "茶", 16800, 8200, GOODS_TEA, 12},
    {"正山小种100g", "Lapsang souchong 100 g", "TE-02", "piece", "茶", 12800, 6100, GOODS_TEA, 10},
    {"茉莉花茶袋泡", "Jasmine tea bags", "TE-03", "box", "茶", 3900, 1600, GOODS_TEA, 14},
    {"盖碗茶具", "Gaiwan tea set", "TE-04", "set", "茶", 19800, 9400, GOODS_TEA, 5},
    {"茶点礼盒", "Tea biscuits gift box", "TE-05", "box", "茶", 8800, 4700, GOODS_TEA, 10},
    {"不粘锅", "Non-stick pan", "KI-01", "piece", "厨房", 25900, 14300, GOODS_KITCHEN, 8},
    {"刀具四件套", "Knife set (4)", "KI-02", "set", "厨房", 32900, 18100, GOODS_KITCHEN, 5},
    {"磨刀石", "Whetstone", "KI-03", "piece", "厨房", 5900, 2500, GOODS_KITCHEN, 4},
    {"保鲜盒六件套", "Food boxes (6)", "KI-04", "set", "厨房", 8900, 4200, GOODS_KITCHEN, 12},
    {"空气炸锅", "Air fryer", "KI-05", "unit", "厨房", 39900, 24800, GOODS_KITCHEN, 7},
    {"炸锅纸100张", "Air fryer liners (100)", "KI-06", "box", "厨房", 2900, 900, GOODS_KITCHEN, 10},
    {"电水壶", "Kettle", "KI-07", "unit", "厨房", 15900, 8700, GOODS_KITCHEN, 8},
    {"洗涤剂补充装", "Detergent refill", "HO-01", "piece", "家居", 2900, 1300, GOODS_HOME, 20},
    {"垃圾袋150只", "Bin bags (150)", "HO-02", "box", "家居", 3500, 1600, GOODS_HOME, 16},
    {"香薰蜡烛", "Scented candle", "HO-03", "piece", "家居", 9900, 3800, GOODS_HOME, 8},
    {"毛巾两条装", "Towels (2)", "HO-04", "set", "家居", 6900, 3100, GOODS_HOME, 12},
    {"收纳箱", "Storage box", "HO-05", "piece", "家居", 7900, 3700, GOODS_HOME, 10},
    {"蓝牙音箱", "Bluetooth speaker", "HO-06", "unit", "家居", 29900, 18900, GOODS_HOME, 4},
};
COUNTED(products);

const char *const demo_group_names[GOODS_GROUPS][3] = {
    [GOODS_MACHINE] = {"machine", "设备", "Machines"},
    [GOODS_SPARE] = {"spare", "备件耗材", "Spares"},
    [GOODS_SERVICE] = {"service", "服务", "Services"},
    [GOODS_COFFEE] = {"coffee", "咖啡", "Coffee"},
    [GOODS_TEA] = {"tea", "茶", "Tea"},
    [GOODS_KITCHEN] = {"kitchen", "厨房", "Kitchen"},
    [GOODS_HOME] = {"home", "家居", "Home"},
};

const DemoPair demo_pairs[] = {
    {"MC-500", "SP-101", 45}, {"MC-500", "SP-102", 55}, {"MC-500", "TR-2D", 40},
    {"FL-200", "SV-3Y", 60},  {"FL-200", "SW-MES", 45}, {"VI-100", "SP-106", 50},
    {"RG-30", "SP-104", 65},  {"WL-10", "SV-3Y", 45},   {"CM-8", "CF-01", 70},
    {"CM-8", "SP-109", 40},   {"SP-102", "SP-103", 50}, {"SP-103", "SP-109", 30},
    {"SP-101", "SP-105", 55}, {"CF-01", "CF-05", 45},   {"CF-02", "CF-04", 50},
    {"CF-02", "CF-07", 18},   {"CF-08", "CF-02", 60},   {"CF-03", "TE-05", 15},
    {"CF-05", "CF-06", 12},   {"TE-01", "TE-04", 22},   {"TE-01", "TE-05", 35},
    {"TE-02", "TE-05", 30},   {"KI-02", "KI-03", 48},   {"KI-05", "KI-06", 75},
    {"KI-01", "HO-01", 25},   {"HO-01", "HO-02", 40},   {"KI-04", "HO-02", 25},
    {"HO-04", "HO-03", 20},   {"CF-01", "CF-04", 20},
};
COUNTED(pairs);

const DemoStage demo_stages[] = {
    {"identify", 7}, {"needs", 14}, {"quotation", 14}, {"negotiation", 14},
    {"signing", 7},  {"won", 0},    {"lost", 0},
};

const uint8_t demo_season[12] = {88, 55, 98, 96, 102, 118, 84, 88, 112, 92, 132, 135};
