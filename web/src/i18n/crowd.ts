/** Words of a crowded stage, in both languages. */

export const crowdEn = {
  arrows: "Arrows",
  arrowsHint: "Draw the messages in focus, with the others as thin lines, or all",
  arrowsFocus: "focus",
  arrowsContext: "context",
  arrowsAll: "all",
  arrowsHidden: "{drawn} {drawn|arrow|arrows} in focus, {others} not drawn",
  arrowsThin:
    "{drawn} {drawn|arrow|arrows} in focus, {others} more as {lines} thin {lines|line|lines}",
  arrowsDrawn: "{drawn} {drawn|arrow|arrows}, all there are",
  halfCounts: "{half} {have} of {all}, needs {need}",
  holderStores: "{name} stores entry {index}, as {leader} knows",
  holderLacks: "{name} does not store entry {index}, as far as {leader} knows",
  snapshotComes: "gets a snapshot",
  readsWait: "{count} {count|read waits|reads wait}",
  leaseLeft: "Lease: what is left of it",
  clientAt: "at {indices}",
  clientAsked: "asks {name}",
};

export const crowdZh: { readonly [K in keyof typeof crowdEn]: string } = {
  arrows: "箭头",
  arrowsHint: "只画相关的消息、其余画成细线，或全部画出",
  arrowsFocus: "相关",
  arrowsContext: "背景",
  arrowsAll: "全部",
  arrowsHidden: "{drawn} 个相关箭头，另有 {others} 个未画出",
  arrowsThin: "{drawn} 个相关箭头，另有 {others} 个画成 {lines} 条细线",
  arrowsDrawn: "共 {drawn} 个箭头，已全部画出",
  halfCounts: "{half} {all} 中有 {have}，需要 {need}",
  holderStores: "据 {leader} 所知，{name} 已存有条目 {index}",
  holderLacks: "据 {leader} 所知，{name} 尚未存有条目 {index}",
  snapshotComes: "正在接收快照",
  readsWait: "{count} 个读请求在等待",
  leaseLeft: "租约的剩余时间",
  clientAt: "位于 {indices}",
  clientAsked: "询问 {name}",
};
