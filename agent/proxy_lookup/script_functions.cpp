// SPDX-License-Identifier: MIT
#include "proxy_lookup/script_functions.hpp"

namespace koshin::proxy_lookup {
namespace {

constexpr const char* of_hosts = R"js(
function isPlainHostName(host) { return host.indexOf('.') < 0 && host.indexOf(':') < 0; }
function dnsDomainIs(host, domain) {
  host = host.toLowerCase(); domain = domain.toLowerCase();
  return host.length >= domain.length && host.substring(host.length - domain.length) === domain;
}
function localHostOrDomainIs(host, name) {
  return host === name || (isPlainHostName(host) && name.indexOf(host + '.') === 0);
}
function isResolvable(host) { return dnsResolve(host) !== null; }
function dnsDomainLevels(host) { return host.split('.').length - 1; }
function shExpMatch(text, pattern) {
  pattern = pattern.replace(/[.\\+^$|(){}\[\]]/g, '\\$&').replace(/\*/g, '[^]*').replace(/\?/g, '[^]');
  return new RegExp('^' + pattern + '$').test(text);
}
function convert_addr(address) {
  var parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address), number = 0;
  if (!parts) return null;
  for (var i = 1; i <= 4; i++) {
    if (parts[i] > 255) return null;
    number = number * 256 + Number(parts[i]);
  }
  return number;
}
function isInNet(host, net, mask) {
  var address = convert_addr(host);
  if (address === null) {
    var resolved = dnsResolve(host);
    if (resolved === null) return false;
    address = convert_addr(resolved);
  }
  net = convert_addr(net); mask = convert_addr(mask);
  return net !== null && mask !== null && ((address & mask) >>> 0) === ((net & mask) >>> 0);
}
function alert() {}
)js";

constexpr const char* of_times = R"js(
var weekdayRange, dateRange, timeRange;
(function () {
  var days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  var months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
  /** The arguments without a last one of 'GMT', and the present in that zone. */
  function taken(given) {
    var list = Array.prototype.slice.call(given), now = new Date();
    var gmt = list[list.length - 1] === 'GMT';
    if (gmt) list.pop();
    function part(name) { return now[(gmt ? 'getUTC' : 'get') + name](); }
    return { list: list, part: part };
  }
  /** Within a range that may go round the end of a week, day or year. */
  function within(from, now, to) { return from <= to ? from <= now && now <= to : from <= now || now <= to; }
  weekdayRange = function () {
    var given = taken(arguments), first = days.indexOf(given.list[0]);
    var last = given.list.length > 1 ? days.indexOf(given.list[1]) : first;
    return first >= 0 && last >= 0 && within(first, given.part('Day'), last);
  };
  timeRange = function () {
    var given = taken(arguments), list = given.list, half = list.length / 2, hour = given.part('Hours');
    if (list.length === 1) return hour === list[0];
    if (list.length === 2) return within(list[0], hour, list[1]);
    function seconds(from) { return list[from] * 3600 + list[from + 1] * 60 + (half > 2 ? list[from + 2] : 0); }
    return within(seconds(0), hour * 3600 + given.part('Minutes') * 60 + given.part('Seconds'), seconds(half));
  };
  dateRange = function () {
    var given = taken(arguments), list = given.list, half = list.length / 2;
    var today = [given.part('FullYear'), given.part('Month'), given.part('Date')];
    function place(part) { return typeof part === 'string' ? 1 : part > 31 ? 0 : 2; }
    function number(date) { return date[0] * 10000 + date[1] * 100 + date[2]; }
    /** Today's date with the parts that are given; what is not given does not count. */
    function dated(parts) {
      var date = today.slice();
      parts.forEach(function (part) { date[place(part)] = typeof part === 'string' ? months.indexOf(part) : part; });
      return number(date);
    }
    if (list.length === 1) return dated(list) === number(today);
    return within(dated(list.slice(0, half)), number(today), dated(list.slice(half)));
  };
})();
)js";

}  // namespace

std::string script_functions() {
  return std::string(of_hosts) + of_times;
}

}  // namespace koshin::proxy_lookup
