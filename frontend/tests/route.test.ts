import { describe, expect, test } from "vitest";

import { conversationPath, homeOf, orderPath, placeOf, preparedPath } from "../src/route";

describe("placeOf", () => {
  test.each([
    ["/", { page: "chat", conversation: null }],
    ["/conversations/conv-1", { page: "chat", conversation: "conv-1" }],
    ["/conversations", { page: "nowhere" }],
    ["/shared/share-1", { page: "shared", share: "share-1" }],
    ["/shared", { page: "nowhere" }],
    ["/status", { page: "status" }],
    ["/status/more", { page: "nowhere" }],
    ["/orders", { page: "orders" }],
    ["/orders/", { page: "orders" }],
    ["/orders/order-1", { page: "order", id: "order-1" }],
    ["/orders/%C3%A9dit", { page: "order", id: "édit" }],
    ["/orders/%", { page: "nowhere" }],
    ["/orders/order-1/more", { page: "nowhere" }],
    ["/desk", { page: "desk", rest: [] }],
    ["/desk/prepared/a%2Fb", { page: "desk", rest: ["prepared", "a/b"] }],
  ])("%s", (path, place) => {
    expect(placeOf(path)).toEqual(place);
  });

  test.each(["order-1", "a/b", "100 %", "?#"])("finds %s where its link leads", (id) => {
    expect(placeOf(orderPath(id))).toEqual({ page: "order", id });
    expect(placeOf(preparedPath(id))).toEqual({ page: "desk", rest: ["prepared", id] });
  });
});

test("a conversation is found where its link leads", () => {
  expect(placeOf(conversationPath("a/b"))).toEqual({ page: "chat", conversation: "a/b" });
  expect(placeOf(conversationPath(null))).toEqual({ page: "chat", conversation: null });
});

describe("the first page", () => {
  const first = placeOf("/");

  test.each([
    [["staff", "officer"], "chat"],
    [["officer"], "desk"],
    [["auditor"], "status"],
    [null, "chat"],
  ])("of %s is the %s", (roles, page) => {
    expect(homeOf(first, roles).page).toBe(page);
  });

  test("is not what an officer gets at another address", () => {
    const conversation = placeOf("/conversations/conv-1");
    expect(homeOf(conversation, ["officer"])).toBe(conversation);
  });
});
