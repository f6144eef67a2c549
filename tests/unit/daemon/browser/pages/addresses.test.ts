import { expect, test } from "bun:test";
import { urlOf } from "../../../../../daemon/browser/pages/addresses.ts";
import { navigationFailed } from "../../../../../daemon/browser/pages/navigation-errors.ts";

test.each([
  ["example.com", "https://example.com"],
  ["localhost:3000/a?b#c", "http://localhost:3000/a?b#c"],
  ["127.0.0.1", "http://127.0.0.1"],
  ["[::1]:8080", "http://[::1]:8080"],
  ["192.168.0.7/x", "http://192.168.0.7/x"],
  ["http://a.test/ü", "http://a.test/ü"],
  ["about:blank", "about:blank"],
  ["/workspace/a b.html", "file:///workspace/a%20b.html"],
  ["/tmp/what?#.html", "file:///tmp/what%3F%23.html"],
  ["  example.com ", "https://example.com"],
])("%s is %s", (address, url) => {
  expect(urlOf(address)).toBe(url);
});

test.each(["javascript:alert(1)", "JavaScript:1", "a b", "http://", "http://[", ""])(
  "%p is not an address",
  (address) => {
    expect(() => urlOf(address)).toThrow(expect.objectContaining({ code: "usage" }));
  },
);

test("a failed navigation says why, in words and as the browser does", () => {
  const { message, hint, details } = navigationFailed("http://a/", "net::ERR_CONNECTION_REFUSED");
  expect(message).toBe(
    "http://a/ was not opened: nobody listens there (net::ERR_CONNECTION_REFUSED)",
  );
  expect(hint).toContain("server");
  expect(details).toMatchObject({ reason: "net::ERR_CONNECTION_REFUSED" });
  const unknown = navigationFailed("http://a/", "net::ERR_\u001b[31mNEW");
  expect(unknown.message).toBe("http://a/ was not opened: net::ERR_[31mNEW");
  expect(unknown.hint).toBeUndefined();
});
