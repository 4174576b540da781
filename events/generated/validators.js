/* Written by `npm run generate` from schemas/. Do not edit. */
var __getOwnPropNames = Object.getOwnPropertyNames;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};

// node_modules/ajv/dist/runtime/ucs2length.js
var require_ucs2length = __commonJS({
  "node_modules/ajv/dist/runtime/ucs2length.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    function ucs2length(str) {
      const len = str.length;
      let length = 0;
      let pos = 0;
      let value;
      while (pos < len) {
        length++;
        value = str.charCodeAt(pos++);
        if (value >= 55296 && value <= 56319 && pos < len) {
          value = str.charCodeAt(pos);
          if ((value & 64512) === 56320)
            pos++;
        }
      }
      return length;
    }
    exports.default = ucs2length;
    ucs2length.code = 'require("ajv/dist/runtime/ucs2length").default';
  }
});

// node_modules/ajv-formats/dist/formats.js
var require_formats = __commonJS({
  "node_modules/ajv-formats/dist/formats.js"(exports) {
    "use strict";
    Object.defineProperty(exports, "__esModule", { value: true });
    exports.formatNames = exports.fastFormats = exports.fullFormats = void 0;
    function fmtDef(validate, compare) {
      return { validate, compare };
    }
    exports.fullFormats = {
      // date: http://tools.ietf.org/html/rfc3339#section-5.6
      date: fmtDef(date, compareDate),
      // date-time: http://tools.ietf.org/html/rfc3339#section-5.6
      time: fmtDef(getTime(true), compareTime),
      "date-time": fmtDef(getDateTime(true), compareDateTime),
      "iso-time": fmtDef(getTime(), compareIsoTime),
      "iso-date-time": fmtDef(getDateTime(), compareIsoDateTime),
      // duration: https://tools.ietf.org/html/rfc3339#appendix-A
      duration: /^P(?!$)((\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?|(\d+W)?)$/,
      uri,
      "uri-reference": /^(?:[a-z][a-z0-9+\-.]*:)?(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'"()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?(?:\?(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i,
      // uri-template: https://tools.ietf.org/html/rfc6570
      "uri-template": /^(?:(?:[^\x00-\x20"'<>%\\^`{|}]|%[0-9a-f]{2})|\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?::[1-9][0-9]{0,3}|\*)?)*\})*$/i,
      // For the source: https://gist.github.com/dperini/729294
      // For test cases: https://mathiasbynens.be/demo/url-regex
      url: /^(?:https?|ftp):\/\/(?:\S+(?::\S*)?@)?(?:(?!(?:10|127)(?:\.\d{1,3}){3})(?!(?:169\.254|192\.168)(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z0-9\u{00a1}-\u{ffff}]+-)*[a-z0-9\u{00a1}-\u{ffff}]+)(?:\.(?:[a-z0-9\u{00a1}-\u{ffff}]+-)*[a-z0-9\u{00a1}-\u{ffff}]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/[^\s]*)?$/iu,
      email: /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i,
      hostname: /^(?=.{1,253}\.?$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-0-9a-z]{0,61}[0-9a-z])?)*\.?$/i,
      // optimized https://www.safaribooksonline.com/library/view/regular-expressions-cookbook/9780596802837/ch07s16.html
      ipv4: /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/,
      ipv6: /^((([0-9a-f]{1,4}:){7}([0-9a-f]{1,4}|:))|(([0-9a-f]{1,4}:){6}(:[0-9a-f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){5}(((:[0-9a-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){4}(((:[0-9a-f]{1,4}){1,3})|((:[0-9a-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){3}(((:[0-9a-f]{1,4}){1,4})|((:[0-9a-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){2}(((:[0-9a-f]{1,4}){1,5})|((:[0-9a-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){1}(((:[0-9a-f]{1,4}){1,6})|((:[0-9a-f]{1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(:(((:[0-9a-f]{1,4}){1,7})|((:[0-9a-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))$/i,
      regex,
      // uuid: http://tools.ietf.org/html/rfc4122
      uuid: /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
      // JSON-pointer: https://tools.ietf.org/html/rfc6901
      // uri fragment: https://tools.ietf.org/html/rfc3986#appendix-A
      "json-pointer": /^(?:\/(?:[^~/]|~0|~1)*)*$/,
      "json-pointer-uri-fragment": /^#(?:\/(?:[a-z0-9_\-.!$&'()*+,;:=@]|%[0-9a-f]{2}|~0|~1)*)*$/i,
      // relative JSON-pointer: http://tools.ietf.org/html/draft-luff-relative-json-pointer-00
      "relative-json-pointer": /^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/,
      // the following formats are used by the openapi specification: https://spec.openapis.org/oas/v3.0.0#data-types
      // byte: https://github.com/miguelmota/is-base64
      byte,
      // signed 32 bit integer
      int32: { type: "number", validate: validateInt32 },
      // signed 64 bit integer
      int64: { type: "number", validate: validateInt64 },
      // C-type float
      float: { type: "number", validate: validateNumber },
      // C-type double
      double: { type: "number", validate: validateNumber },
      // hint to the UI to hide input strings
      password: true,
      // unchecked string payload
      binary: true
    };
    exports.fastFormats = {
      ...exports.fullFormats,
      date: fmtDef(/^\d\d\d\d-[0-1]\d-[0-3]\d$/, compareDate),
      time: fmtDef(/^(?:[0-2]\d:[0-5]\d:[0-5]\d|23:59:60)(?:\.\d+)?(?:z|[+-]\d\d(?::?\d\d)?)$/i, compareTime),
      "date-time": fmtDef(/^\d\d\d\d-[0-1]\d-[0-3]\dt(?:[0-2]\d:[0-5]\d:[0-5]\d|23:59:60)(?:\.\d+)?(?:z|[+-]\d\d(?::?\d\d)?)$/i, compareDateTime),
      "iso-time": fmtDef(/^(?:[0-2]\d:[0-5]\d:[0-5]\d|23:59:60)(?:\.\d+)?(?:z|[+-]\d\d(?::?\d\d)?)?$/i, compareIsoTime),
      "iso-date-time": fmtDef(/^\d\d\d\d-[0-1]\d-[0-3]\d[t\s](?:[0-2]\d:[0-5]\d:[0-5]\d|23:59:60)(?:\.\d+)?(?:z|[+-]\d\d(?::?\d\d)?)?$/i, compareIsoDateTime),
      // uri: https://github.com/mafintosh/is-my-json-valid/blob/master/formats.js
      uri: /^(?:[a-z][a-z0-9+\-.]*:)(?:\/?\/)?[^\s]*$/i,
      "uri-reference": /^(?:(?:[a-z][a-z0-9+\-.]*:)?\/?\/)?(?:[^\\\s#][^\s#]*)?(?:#[^\\\s]*)?$/i,
      // email (sources from jsen validator):
      // http://stackoverflow.com/questions/201323/using-a-regular-expression-to-validate-an-email-address#answer-8829363
      // http://www.w3.org/TR/html5/forms.html#valid-e-mail-address (search for 'wilful violation')
      email: /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i
    };
    exports.formatNames = Object.keys(exports.fullFormats);
    function isLeapYear(year) {
      return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    }
    var DATE = /^(\d\d\d\d)-(\d\d)-(\d\d)$/;
    var DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    function date(str) {
      const matches = DATE.exec(str);
      if (!matches)
        return false;
      const year = +matches[1];
      const month = +matches[2];
      const day = +matches[3];
      return month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 && isLeapYear(year) ? 29 : DAYS[month]);
    }
    function compareDate(d1, d2) {
      if (!(d1 && d2))
        return void 0;
      if (d1 > d2)
        return 1;
      if (d1 < d2)
        return -1;
      return 0;
    }
    var TIME = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)(z|([+-])(\d\d)(?::?(\d\d))?)?$/i;
    function getTime(strictTimeZone) {
      return function time(str) {
        const matches = TIME.exec(str);
        if (!matches)
          return false;
        const hr = +matches[1];
        const min = +matches[2];
        const sec = +matches[3];
        const tz = matches[4];
        const tzSign = matches[5] === "-" ? -1 : 1;
        const tzH = +(matches[6] || 0);
        const tzM = +(matches[7] || 0);
        if (tzH > 23 || tzM > 59 || strictTimeZone && !tz)
          return false;
        if (hr <= 23 && min <= 59 && sec < 60)
          return true;
        const utcMin = min - tzM * tzSign;
        const utcHr = hr - tzH * tzSign - (utcMin < 0 ? 1 : 0);
        return (utcHr === 23 || utcHr === -1) && (utcMin === 59 || utcMin === -1) && sec < 61;
      };
    }
    function compareTime(s1, s2) {
      if (!(s1 && s2))
        return void 0;
      const t1 = (/* @__PURE__ */ new Date("2020-01-01T" + s1)).valueOf();
      const t2 = (/* @__PURE__ */ new Date("2020-01-01T" + s2)).valueOf();
      if (!(t1 && t2))
        return void 0;
      return t1 - t2;
    }
    function compareIsoTime(t1, t2) {
      if (!(t1 && t2))
        return void 0;
      const a1 = TIME.exec(t1);
      const a2 = TIME.exec(t2);
      if (!(a1 && a2))
        return void 0;
      t1 = a1[1] + a1[2] + a1[3];
      t2 = a2[1] + a2[2] + a2[3];
      if (t1 > t2)
        return 1;
      if (t1 < t2)
        return -1;
      return 0;
    }
    var DATE_TIME_SEPARATOR = /t|\s/i;
    function getDateTime(strictTimeZone) {
      const time = getTime(strictTimeZone);
      return function date_time(str) {
        const dateTime = str.split(DATE_TIME_SEPARATOR);
        return dateTime.length === 2 && date(dateTime[0]) && time(dateTime[1]);
      };
    }
    function compareDateTime(dt1, dt2) {
      if (!(dt1 && dt2))
        return void 0;
      const d1 = new Date(dt1).valueOf();
      const d2 = new Date(dt2).valueOf();
      if (!(d1 && d2))
        return void 0;
      return d1 - d2;
    }
    function compareIsoDateTime(dt1, dt2) {
      if (!(dt1 && dt2))
        return void 0;
      const [d1, t1] = dt1.split(DATE_TIME_SEPARATOR);
      const [d2, t2] = dt2.split(DATE_TIME_SEPARATOR);
      const res = compareDate(d1, d2);
      if (res === void 0)
        return void 0;
      return res || compareTime(t1, t2);
    }
    var NOT_URI_FRAGMENT = /\/|:/;
    var URI = /^(?:[a-z][a-z0-9+\-.]*:)(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)(?:\?(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;
    function uri(str) {
      return NOT_URI_FRAGMENT.test(str) && URI.test(str);
    }
    var BYTE = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/gm;
    function byte(str) {
      BYTE.lastIndex = 0;
      return BYTE.test(str);
    }
    var MIN_INT32 = -(2 ** 31);
    var MAX_INT32 = 2 ** 31 - 1;
    function validateInt32(value) {
      return Number.isInteger(value) && value <= MAX_INT32 && value >= MIN_INT32;
    }
    function validateInt64(value) {
      return Number.isInteger(value);
    }
    function validateNumber() {
      return true;
    }
    var Z_ANCHOR = /[^\\]\\Z/;
    function regex(str) {
      if (Z_ANCHOR.test(str))
        return false;
      try {
        new RegExp(str);
        return true;
      } catch (e) {
        return false;
      }
    }
  }
});

// validators.js
var validateBatchJobStateChangeV1 = validate52;
var func1 = require_ucs2length().default;
function validate52(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate52.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.jobId === void 0 && (missing0 = "jobId") || data.jobName === void 0 && (missing0 = "jobName") || data.jobQueue === void 0 && (missing0 = "jobQueue") || data.status === void 0 && (missing0 = "status")) {
        validate52.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.jobId !== void 0) {
          let data0 = data.jobId;
          const _errs1 = errors;
          if (errors === _errs1) {
            if (typeof data0 === "string") {
              if (func1(data0) < 1) {
                validate52.errors = [{ instancePath: instancePath + "/jobId", schemaPath: "#/properties/jobId/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                return false;
              }
            } else {
              validate52.errors = [{ instancePath: instancePath + "/jobId", schemaPath: "#/properties/jobId/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
              return false;
            }
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.jobName !== void 0) {
            let data1 = data.jobName;
            const _errs3 = errors;
            if (errors === _errs3) {
              if (typeof data1 === "string") {
                if (func1(data1) < 1) {
                  validate52.errors = [{ instancePath: instancePath + "/jobName", schemaPath: "#/properties/jobName/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                  return false;
                }
              } else {
                validate52.errors = [{ instancePath: instancePath + "/jobName", schemaPath: "#/properties/jobName/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                return false;
              }
            }
            var valid0 = _errs3 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.jobQueue !== void 0) {
              let data2 = data.jobQueue;
              const _errs5 = errors;
              if (errors === _errs5) {
                if (typeof data2 === "string") {
                  if (func1(data2) < 1) {
                    validate52.errors = [{ instancePath: instancePath + "/jobQueue", schemaPath: "#/properties/jobQueue/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                    return false;
                  }
                } else {
                  validate52.errors = [{ instancePath: instancePath + "/jobQueue", schemaPath: "#/properties/jobQueue/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                  return false;
                }
              }
              var valid0 = _errs5 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.status !== void 0) {
                let data3 = data.status;
                const _errs7 = errors;
                if (errors === _errs7) {
                  if (typeof data3 === "string") {
                    if (func1(data3) < 1) {
                      validate52.errors = [{ instancePath: instancePath + "/status", schemaPath: "#/properties/status/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                      return false;
                    }
                  } else {
                    validate52.errors = [{ instancePath: instancePath + "/status", schemaPath: "#/properties/status/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                    return false;
                  }
                }
                var valid0 = _errs7 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.statusReason !== void 0) {
                  const _errs9 = errors;
                  if (typeof data.statusReason !== "string") {
                    validate52.errors = [{ instancePath: instancePath + "/statusReason", schemaPath: "#/properties/statusReason/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                    return false;
                  }
                  var valid0 = _errs9 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.attempts !== void 0) {
                    let data5 = data.attempts;
                    const _errs11 = errors;
                    if (errors === _errs11) {
                      if (Array.isArray(data5)) {
                        var valid1 = true;
                        const len0 = data5.length;
                        for (let i0 = 0; i0 < len0; i0++) {
                          let data6 = data5[i0];
                          const _errs13 = errors;
                          if (errors === _errs13) {
                            if (data6 && typeof data6 == "object" && !Array.isArray(data6)) {
                              if (data6.statusReason !== void 0) {
                                const _errs15 = errors;
                                if (typeof data6.statusReason !== "string") {
                                  validate52.errors = [{ instancePath: instancePath + "/attempts/" + i0 + "/statusReason", schemaPath: "#/properties/attempts/items/properties/statusReason/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                  return false;
                                }
                                var valid2 = _errs15 === errors;
                              } else {
                                var valid2 = true;
                              }
                              if (valid2) {
                                if (data6.container !== void 0) {
                                  let data8 = data6.container;
                                  const _errs17 = errors;
                                  if (errors === _errs17) {
                                    if (data8 && typeof data8 == "object" && !Array.isArray(data8)) {
                                      if (data8.exitCode !== void 0) {
                                        let data9 = data8.exitCode;
                                        const _errs19 = errors;
                                        if (!(typeof data9 == "number" && (!(data9 % 1) && !isNaN(data9)) && isFinite(data9))) {
                                          validate52.errors = [{ instancePath: instancePath + "/attempts/" + i0 + "/container/exitCode", schemaPath: "#/properties/attempts/items/properties/container/properties/exitCode/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                          return false;
                                        }
                                        var valid3 = _errs19 === errors;
                                      } else {
                                        var valid3 = true;
                                      }
                                      if (valid3) {
                                        if (data8.reason !== void 0) {
                                          const _errs21 = errors;
                                          if (typeof data8.reason !== "string") {
                                            validate52.errors = [{ instancePath: instancePath + "/attempts/" + i0 + "/container/reason", schemaPath: "#/properties/attempts/items/properties/container/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                            return false;
                                          }
                                          var valid3 = _errs21 === errors;
                                        } else {
                                          var valid3 = true;
                                        }
                                      }
                                    } else {
                                      validate52.errors = [{ instancePath: instancePath + "/attempts/" + i0 + "/container", schemaPath: "#/properties/attempts/items/properties/container/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                                      return false;
                                    }
                                  }
                                  var valid2 = _errs17 === errors;
                                } else {
                                  var valid2 = true;
                                }
                              }
                            } else {
                              validate52.errors = [{ instancePath: instancePath + "/attempts/" + i0, schemaPath: "#/properties/attempts/items/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                              return false;
                            }
                          }
                          var valid1 = _errs13 === errors;
                          if (!valid1) {
                            break;
                          }
                        }
                      } else {
                        validate52.errors = [{ instancePath: instancePath + "/attempts", schemaPath: "#/properties/attempts/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
                        return false;
                      }
                    }
                    var valid0 = _errs11 === errors;
                  } else {
                    var valid0 = true;
                  }
                  if (valid0) {
                    if (data.arrayProperties !== void 0) {
                      let data11 = data.arrayProperties;
                      const _errs23 = errors;
                      if (errors === _errs23) {
                        if (data11 && typeof data11 == "object" && !Array.isArray(data11)) {
                          if (data11.size !== void 0) {
                            let data12 = data11.size;
                            const _errs25 = errors;
                            if (!(typeof data12 == "number" && (!(data12 % 1) && !isNaN(data12)) && isFinite(data12))) {
                              validate52.errors = [{ instancePath: instancePath + "/arrayProperties/size", schemaPath: "#/properties/arrayProperties/properties/size/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                              return false;
                            }
                            if (errors === _errs25) {
                              if (typeof data12 == "number" && isFinite(data12)) {
                                if (data12 < 0 || isNaN(data12)) {
                                  validate52.errors = [{ instancePath: instancePath + "/arrayProperties/size", schemaPath: "#/properties/arrayProperties/properties/size/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                  return false;
                                }
                              }
                            }
                            var valid4 = _errs25 === errors;
                          } else {
                            var valid4 = true;
                          }
                          if (valid4) {
                            if (data11.index !== void 0) {
                              let data13 = data11.index;
                              const _errs27 = errors;
                              if (!(typeof data13 == "number" && (!(data13 % 1) && !isNaN(data13)) && isFinite(data13))) {
                                validate52.errors = [{ instancePath: instancePath + "/arrayProperties/index", schemaPath: "#/properties/arrayProperties/properties/index/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                return false;
                              }
                              if (errors === _errs27) {
                                if (typeof data13 == "number" && isFinite(data13)) {
                                  if (data13 < 0 || isNaN(data13)) {
                                    validate52.errors = [{ instancePath: instancePath + "/arrayProperties/index", schemaPath: "#/properties/arrayProperties/properties/index/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                    return false;
                                  }
                                }
                              }
                              var valid4 = _errs27 === errors;
                            } else {
                              var valid4 = true;
                            }
                          }
                        } else {
                          validate52.errors = [{ instancePath: instancePath + "/arrayProperties", schemaPath: "#/properties/arrayProperties/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                          return false;
                        }
                      }
                      var valid0 = _errs23 === errors;
                    } else {
                      var valid0 = true;
                    }
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate52.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate52.errors = vErrors;
  return errors === 0;
}
validate52.evaluated = { "props": { "jobId": true, "jobName": true, "jobQueue": true, "status": true, "statusReason": true, "attempts": true, "arrayProperties": true }, "dynamicProps": false, "dynamicItems": false };
var validateBarsIngestedV1 = validate53;
var schema21 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:fibonacci-bars:schema:metadata:1", "title": "Metadata", "description": "Who tells of an event, when, and because of what. The same for every event.", "type": "object", "required": ["id", "occurredAt", "correlationId", "causationId", "idempotencyKey", "producer", "schemaVersion", "cause"], "properties": { "id": { "type": "string", "format": "uuid", "maxLength": 36, "description": "Id of this event (UUID), made before its transaction commits and kept when it is published again. EventBridge gives ids of its own, which change when an event is forwarded." }, "occurredAt": { "type": "string", "format": "date-time", "pattern": "Z$", "description": "When it happened: an instant in UTC, ISO 8601 with Z." }, "correlationId": { "type": "string", "format": "uuid", "maxLength": 36, "description": "Id (UUID) shared by everything that one fetch, backfill, correction or replay set off." }, "causationId": { "type": ["string", "null"], "format": "uuid", "maxLength": 36, "description": "Id (UUID) of the event that caused this one; null at the start of a chain." }, "idempotencyKey": { "type": "string", "minLength": 1, "maxLength": 200, "description": "Two events with the same key tell the same fact: a consumer acts on one of them." }, "producer": { "type": "string", "enum": ["fetcher", "resampler", "dispatcher", "cli"], "description": "The service that tells of it." }, "schemaVersion": { "type": "integer", "minimum": 1, "description": "Version of the schema of this event: the name of its file." }, "cause": { "type": "string", "enum": ["live", "backfill", "correction", "split", "replay"], "description": "Why it happened: a new trading day, history loaded for the first time, a changed bar, a split, or a replay." } } };
var formats0 = /^(?:urn:uuid:)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
var formats2 = require_formats().fullFormats["date-time"];
var pattern3 = new RegExp("Z$", "u");
function validate54(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate54.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.id === void 0 && (missing0 = "id") || data.occurredAt === void 0 && (missing0 = "occurredAt") || data.correlationId === void 0 && (missing0 = "correlationId") || data.causationId === void 0 && (missing0 = "causationId") || data.idempotencyKey === void 0 && (missing0 = "idempotencyKey") || data.producer === void 0 && (missing0 = "producer") || data.schemaVersion === void 0 && (missing0 = "schemaVersion") || data.cause === void 0 && (missing0 = "cause")) {
        validate54.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.id !== void 0) {
          let data0 = data.id;
          const _errs1 = errors;
          if (errors === _errs1) {
            if (errors === _errs1) {
              if (typeof data0 === "string") {
                if (func1(data0) > 36) {
                  validate54.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/maxLength", keyword: "maxLength", params: { limit: 36 }, message: "must NOT have more than 36 characters" }];
                  return false;
                } else {
                  if (!formats0.test(data0)) {
                    validate54.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/format", keyword: "format", params: { format: "uuid" }, message: 'must match format "uuid"' }];
                    return false;
                  }
                }
              } else {
                validate54.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                return false;
              }
            }
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.occurredAt !== void 0) {
            let data1 = data.occurredAt;
            const _errs3 = errors;
            if (errors === _errs3) {
              if (errors === _errs3) {
                if (typeof data1 === "string") {
                  if (!pattern3.test(data1)) {
                    validate54.errors = [{ instancePath: instancePath + "/occurredAt", schemaPath: "#/properties/occurredAt/pattern", keyword: "pattern", params: { pattern: "Z$" }, message: 'must match pattern "Z$"' }];
                    return false;
                  } else {
                    if (!formats2.validate(data1)) {
                      validate54.errors = [{ instancePath: instancePath + "/occurredAt", schemaPath: "#/properties/occurredAt/format", keyword: "format", params: { format: "date-time" }, message: 'must match format "date-time"' }];
                      return false;
                    }
                  }
                } else {
                  validate54.errors = [{ instancePath: instancePath + "/occurredAt", schemaPath: "#/properties/occurredAt/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                  return false;
                }
              }
            }
            var valid0 = _errs3 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data.correlationId !== void 0) {
              let data2 = data.correlationId;
              const _errs5 = errors;
              if (errors === _errs5) {
                if (errors === _errs5) {
                  if (typeof data2 === "string") {
                    if (func1(data2) > 36) {
                      validate54.errors = [{ instancePath: instancePath + "/correlationId", schemaPath: "#/properties/correlationId/maxLength", keyword: "maxLength", params: { limit: 36 }, message: "must NOT have more than 36 characters" }];
                      return false;
                    } else {
                      if (!formats0.test(data2)) {
                        validate54.errors = [{ instancePath: instancePath + "/correlationId", schemaPath: "#/properties/correlationId/format", keyword: "format", params: { format: "uuid" }, message: 'must match format "uuid"' }];
                        return false;
                      }
                    }
                  } else {
                    validate54.errors = [{ instancePath: instancePath + "/correlationId", schemaPath: "#/properties/correlationId/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                    return false;
                  }
                }
              }
              var valid0 = _errs5 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.causationId !== void 0) {
                let data3 = data.causationId;
                const _errs7 = errors;
                if (typeof data3 !== "string" && data3 !== null) {
                  validate54.errors = [{ instancePath: instancePath + "/causationId", schemaPath: "#/properties/causationId/type", keyword: "type", params: { type: schema21.properties.causationId.type }, message: "must be string,null" }];
                  return false;
                }
                if (errors === _errs7) {
                  if (errors === _errs7) {
                    if (typeof data3 === "string") {
                      if (func1(data3) > 36) {
                        validate54.errors = [{ instancePath: instancePath + "/causationId", schemaPath: "#/properties/causationId/maxLength", keyword: "maxLength", params: { limit: 36 }, message: "must NOT have more than 36 characters" }];
                        return false;
                      } else {
                        if (!formats0.test(data3)) {
                          validate54.errors = [{ instancePath: instancePath + "/causationId", schemaPath: "#/properties/causationId/format", keyword: "format", params: { format: "uuid" }, message: 'must match format "uuid"' }];
                          return false;
                        }
                      }
                    }
                  }
                }
                var valid0 = _errs7 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.idempotencyKey !== void 0) {
                  let data4 = data.idempotencyKey;
                  const _errs9 = errors;
                  if (errors === _errs9) {
                    if (typeof data4 === "string") {
                      if (func1(data4) > 200) {
                        validate54.errors = [{ instancePath: instancePath + "/idempotencyKey", schemaPath: "#/properties/idempotencyKey/maxLength", keyword: "maxLength", params: { limit: 200 }, message: "must NOT have more than 200 characters" }];
                        return false;
                      } else {
                        if (func1(data4) < 1) {
                          validate54.errors = [{ instancePath: instancePath + "/idempotencyKey", schemaPath: "#/properties/idempotencyKey/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                          return false;
                        }
                      }
                    } else {
                      validate54.errors = [{ instancePath: instancePath + "/idempotencyKey", schemaPath: "#/properties/idempotencyKey/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                      return false;
                    }
                  }
                  var valid0 = _errs9 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.producer !== void 0) {
                    let data5 = data.producer;
                    const _errs11 = errors;
                    if (typeof data5 !== "string") {
                      validate54.errors = [{ instancePath: instancePath + "/producer", schemaPath: "#/properties/producer/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                      return false;
                    }
                    if (!(data5 === "fetcher" || data5 === "resampler" || data5 === "dispatcher" || data5 === "cli")) {
                      validate54.errors = [{ instancePath: instancePath + "/producer", schemaPath: "#/properties/producer/enum", keyword: "enum", params: { allowedValues: schema21.properties.producer.enum }, message: "must be equal to one of the allowed values" }];
                      return false;
                    }
                    var valid0 = _errs11 === errors;
                  } else {
                    var valid0 = true;
                  }
                  if (valid0) {
                    if (data.schemaVersion !== void 0) {
                      let data6 = data.schemaVersion;
                      const _errs13 = errors;
                      if (!(typeof data6 == "number" && (!(data6 % 1) && !isNaN(data6)) && isFinite(data6))) {
                        validate54.errors = [{ instancePath: instancePath + "/schemaVersion", schemaPath: "#/properties/schemaVersion/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                        return false;
                      }
                      if (errors === _errs13) {
                        if (typeof data6 == "number" && isFinite(data6)) {
                          if (data6 < 1 || isNaN(data6)) {
                            validate54.errors = [{ instancePath: instancePath + "/schemaVersion", schemaPath: "#/properties/schemaVersion/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" }];
                            return false;
                          }
                        }
                      }
                      var valid0 = _errs13 === errors;
                    } else {
                      var valid0 = true;
                    }
                    if (valid0) {
                      if (data.cause !== void 0) {
                        let data7 = data.cause;
                        const _errs15 = errors;
                        if (typeof data7 !== "string") {
                          validate54.errors = [{ instancePath: instancePath + "/cause", schemaPath: "#/properties/cause/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                          return false;
                        }
                        if (!(data7 === "live" || data7 === "backfill" || data7 === "correction" || data7 === "split" || data7 === "replay")) {
                          validate54.errors = [{ instancePath: instancePath + "/cause", schemaPath: "#/properties/cause/enum", keyword: "enum", params: { allowedValues: schema21.properties.cause.enum }, message: "must be equal to one of the allowed values" }];
                          return false;
                        }
                        var valid0 = _errs15 === errors;
                      } else {
                        var valid0 = true;
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate54.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate54.errors = vErrors;
  return errors === 0;
}
validate54.evaluated = { "props": { "id": true, "occurredAt": true, "correlationId": true, "causationId": true, "idempotencyKey": true, "producer": true, "schemaVersion": true, "cause": true }, "dynamicProps": false, "dynamicItems": false };
var formats8 = require_formats().fullFormats.date;
var pattern4 = new RegExp("^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$", "u");
function validate53(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate53.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.metadata === void 0 && (missing0 = "metadata") || data.data === void 0 && (missing0 = "data")) {
        validate53.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.metadata !== void 0) {
          const _errs1 = errors;
          if (!validate54(data.metadata, { instancePath: instancePath + "/metadata", parentData: data, parentDataProperty: "metadata", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
            errors = vErrors.length;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.data !== void 0) {
            let data1 = data.data;
            const _errs2 = errors;
            if (errors === _errs2) {
              if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
                let missing1;
                if (data1.tradingDay === void 0 && (missing1 = "tradingDay") || data1.source === void 0 && (missing1 = "source") || data1.bars === void 0 && (missing1 = "bars") || data1.inserted === void 0 && (missing1 = "inserted") || data1.corrected === void 0 && (missing1 = "corrected") || data1.deleted === void 0 && (missing1 = "deleted") || data1.unchanged === void 0 && (missing1 = "unchanged") || data1.quarantined === void 0 && (missing1 = "quarantined")) {
                  validate53.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'" }];
                  return false;
                } else {
                  if (data1.tradingDay !== void 0) {
                    let data2 = data1.tradingDay;
                    const _errs4 = errors;
                    if (errors === _errs4) {
                      if (errors === _errs4) {
                        if (typeof data2 === "string") {
                          if (!formats8.validate(data2)) {
                            validate53.errors = [{ instancePath: instancePath + "/data/tradingDay", schemaPath: "#/properties/data/properties/tradingDay/format", keyword: "format", params: { format: "date" }, message: 'must match format "date"' }];
                            return false;
                          }
                        } else {
                          validate53.errors = [{ instancePath: instancePath + "/data/tradingDay", schemaPath: "#/properties/data/properties/tradingDay/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                          return false;
                        }
                      }
                    }
                    var valid1 = _errs4 === errors;
                  } else {
                    var valid1 = true;
                  }
                  if (valid1) {
                    if (data1.source !== void 0) {
                      let data3 = data1.source;
                      const _errs6 = errors;
                      if (errors === _errs6) {
                        if (typeof data3 === "string") {
                          if (func1(data3) > 40) {
                            validate53.errors = [{ instancePath: instancePath + "/data/source", schemaPath: "#/properties/data/properties/source/maxLength", keyword: "maxLength", params: { limit: 40 }, message: "must NOT have more than 40 characters" }];
                            return false;
                          } else {
                            if (func1(data3) < 1) {
                              validate53.errors = [{ instancePath: instancePath + "/data/source", schemaPath: "#/properties/data/properties/source/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                              return false;
                            }
                          }
                        } else {
                          validate53.errors = [{ instancePath: instancePath + "/data/source", schemaPath: "#/properties/data/properties/source/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                          return false;
                        }
                      }
                      var valid1 = _errs6 === errors;
                    } else {
                      var valid1 = true;
                    }
                    if (valid1) {
                      if (data1.bars !== void 0) {
                        let data4 = data1.bars;
                        const _errs8 = errors;
                        if (!(typeof data4 == "number" && (!(data4 % 1) && !isNaN(data4)) && isFinite(data4))) {
                          validate53.errors = [{ instancePath: instancePath + "/data/bars", schemaPath: "#/properties/data/properties/bars/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                          return false;
                        }
                        if (errors === _errs8) {
                          if (typeof data4 == "number" && isFinite(data4)) {
                            if (data4 < 0 || isNaN(data4)) {
                              validate53.errors = [{ instancePath: instancePath + "/data/bars", schemaPath: "#/properties/data/properties/bars/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                              return false;
                            }
                          }
                        }
                        var valid1 = _errs8 === errors;
                      } else {
                        var valid1 = true;
                      }
                      if (valid1) {
                        if (data1.inserted !== void 0) {
                          let data5 = data1.inserted;
                          const _errs10 = errors;
                          if (!(typeof data5 == "number" && (!(data5 % 1) && !isNaN(data5)) && isFinite(data5))) {
                            validate53.errors = [{ instancePath: instancePath + "/data/inserted", schemaPath: "#/properties/data/properties/inserted/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                            return false;
                          }
                          if (errors === _errs10) {
                            if (typeof data5 == "number" && isFinite(data5)) {
                              if (data5 < 0 || isNaN(data5)) {
                                validate53.errors = [{ instancePath: instancePath + "/data/inserted", schemaPath: "#/properties/data/properties/inserted/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                return false;
                              }
                            }
                          }
                          var valid1 = _errs10 === errors;
                        } else {
                          var valid1 = true;
                        }
                        if (valid1) {
                          if (data1.corrected !== void 0) {
                            let data6 = data1.corrected;
                            const _errs12 = errors;
                            if (!(typeof data6 == "number" && (!(data6 % 1) && !isNaN(data6)) && isFinite(data6))) {
                              validate53.errors = [{ instancePath: instancePath + "/data/corrected", schemaPath: "#/properties/data/properties/corrected/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                              return false;
                            }
                            if (errors === _errs12) {
                              if (typeof data6 == "number" && isFinite(data6)) {
                                if (data6 < 0 || isNaN(data6)) {
                                  validate53.errors = [{ instancePath: instancePath + "/data/corrected", schemaPath: "#/properties/data/properties/corrected/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                  return false;
                                }
                              }
                            }
                            var valid1 = _errs12 === errors;
                          } else {
                            var valid1 = true;
                          }
                          if (valid1) {
                            if (data1.deleted !== void 0) {
                              let data7 = data1.deleted;
                              const _errs14 = errors;
                              if (!(typeof data7 == "number" && (!(data7 % 1) && !isNaN(data7)) && isFinite(data7))) {
                                validate53.errors = [{ instancePath: instancePath + "/data/deleted", schemaPath: "#/properties/data/properties/deleted/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                return false;
                              }
                              if (errors === _errs14) {
                                if (typeof data7 == "number" && isFinite(data7)) {
                                  if (data7 < 0 || isNaN(data7)) {
                                    validate53.errors = [{ instancePath: instancePath + "/data/deleted", schemaPath: "#/properties/data/properties/deleted/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                    return false;
                                  }
                                }
                              }
                              var valid1 = _errs14 === errors;
                            } else {
                              var valid1 = true;
                            }
                            if (valid1) {
                              if (data1.unchanged !== void 0) {
                                let data8 = data1.unchanged;
                                const _errs16 = errors;
                                if (!(typeof data8 == "number" && (!(data8 % 1) && !isNaN(data8)) && isFinite(data8))) {
                                  validate53.errors = [{ instancePath: instancePath + "/data/unchanged", schemaPath: "#/properties/data/properties/unchanged/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                  return false;
                                }
                                if (errors === _errs16) {
                                  if (typeof data8 == "number" && isFinite(data8)) {
                                    if (data8 < 0 || isNaN(data8)) {
                                      validate53.errors = [{ instancePath: instancePath + "/data/unchanged", schemaPath: "#/properties/data/properties/unchanged/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                      return false;
                                    }
                                  }
                                }
                                var valid1 = _errs16 === errors;
                              } else {
                                var valid1 = true;
                              }
                              if (valid1) {
                                if (data1.quarantined !== void 0) {
                                  let data9 = data1.quarantined;
                                  const _errs18 = errors;
                                  if (!(typeof data9 == "number" && (!(data9 % 1) && !isNaN(data9)) && isFinite(data9))) {
                                    validate53.errors = [{ instancePath: instancePath + "/data/quarantined", schemaPath: "#/properties/data/properties/quarantined/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                    return false;
                                  }
                                  if (errors === _errs18) {
                                    if (typeof data9 == "number" && isFinite(data9)) {
                                      if (data9 < 0 || isNaN(data9)) {
                                        validate53.errors = [{ instancePath: instancePath + "/data/quarantined", schemaPath: "#/properties/data/properties/quarantined/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                        return false;
                                      }
                                    }
                                  }
                                  var valid1 = _errs18 === errors;
                                } else {
                                  var valid1 = true;
                                }
                                if (valid1) {
                                  if (data1.symbols !== void 0) {
                                    let data10 = data1.symbols;
                                    const _errs20 = errors;
                                    if (errors === _errs20) {
                                      if (Array.isArray(data10)) {
                                        if (data10.length > 1e3) {
                                          validate53.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/maxItems", keyword: "maxItems", params: { limit: 1e3 }, message: "must NOT have more than 1000 items" }];
                                          return false;
                                        } else {
                                          var valid2 = true;
                                          const len0 = data10.length;
                                          for (let i0 = 0; i0 < len0; i0++) {
                                            let data11 = data10[i0];
                                            const _errs22 = errors;
                                            if (errors === _errs22) {
                                              if (typeof data11 === "string") {
                                                if (!pattern4.test(data11)) {
                                                  validate53.errors = [{ instancePath: instancePath + "/data/symbols/" + i0, schemaPath: "#/properties/data/properties/symbols/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$"' }];
                                                  return false;
                                                }
                                              } else {
                                                validate53.errors = [{ instancePath: instancePath + "/data/symbols/" + i0, schemaPath: "#/properties/data/properties/symbols/items/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                                return false;
                                              }
                                            }
                                            var valid2 = _errs22 === errors;
                                            if (!valid2) {
                                              break;
                                            }
                                          }
                                          if (valid2) {
                                            let i1 = data10.length;
                                            let j0;
                                            if (i1 > 1) {
                                              const indices0 = {};
                                              for (; i1--; ) {
                                                let item0 = data10[i1];
                                                if (typeof item0 !== "string") {
                                                  continue;
                                                }
                                                if (typeof indices0[item0] == "number") {
                                                  j0 = indices0[item0];
                                                  validate53.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" }];
                                                  return false;
                                                  break;
                                                }
                                                indices0[item0] = i1;
                                              }
                                            }
                                          }
                                        }
                                      } else {
                                        validate53.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
                                        return false;
                                      }
                                    }
                                    var valid1 = _errs20 === errors;
                                  } else {
                                    var valid1 = true;
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              } else {
                validate53.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                return false;
              }
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
        }
      }
    } else {
      validate53.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate53.errors = vErrors;
  return errors === 0;
}
validate53.evaluated = { "props": { "metadata": true, "data": true }, "dynamicProps": false, "dynamicItems": false };
var validateBarsRestatedV1 = validate56;
var schema22 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:fibonacci-bars:schema:bars-restated:1", "title": "BarsRestated", "description": "The history of symbols changed as a whole, so that their Fibonacci bars must be made again.", "type": "object", "required": ["metadata", "data"], "properties": { "metadata": { "$ref": "urn:fibonacci-bars:schema:metadata:1", "description": "Who says it, when, and because of what." }, "data": { "type": "object", "description": "What happened.", "required": ["symbols", "reason", "fromDate", "source"], "properties": { "symbols": { "type": "array", "description": "Symbols concerned.", "minItems": 1, "uniqueItems": true, "items": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$", "description": "Symbol as the exchange spells it, case-sensitive: CPS and CpS are two stocks." } }, "reason": { "type": "string", "enum": ["split", "delete", "retention", "rebuild"], "description": "What changed the history: a split, a deleted bar, old bars that retention dropped, or a rebuild asked for." }, "fromDate": { "type": "string", "format": "date", "description": "First trading day concerned: a calendar date in New York, YYYY-MM-DD." }, "source": { "type": "string", "minLength": 1, "maxLength": 40, "description": "Where the change came from, for example flatfiles or cli." } } } } };
function validate56(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate56.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.metadata === void 0 && (missing0 = "metadata") || data.data === void 0 && (missing0 = "data")) {
        validate56.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.metadata !== void 0) {
          const _errs1 = errors;
          if (!validate54(data.metadata, { instancePath: instancePath + "/metadata", parentData: data, parentDataProperty: "metadata", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
            errors = vErrors.length;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.data !== void 0) {
            let data1 = data.data;
            const _errs2 = errors;
            if (errors === _errs2) {
              if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
                let missing1;
                if (data1.symbols === void 0 && (missing1 = "symbols") || data1.reason === void 0 && (missing1 = "reason") || data1.fromDate === void 0 && (missing1 = "fromDate") || data1.source === void 0 && (missing1 = "source")) {
                  validate56.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'" }];
                  return false;
                } else {
                  if (data1.symbols !== void 0) {
                    let data2 = data1.symbols;
                    const _errs4 = errors;
                    if (errors === _errs4) {
                      if (Array.isArray(data2)) {
                        if (data2.length < 1) {
                          validate56.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" }];
                          return false;
                        } else {
                          var valid2 = true;
                          const len0 = data2.length;
                          for (let i0 = 0; i0 < len0; i0++) {
                            let data3 = data2[i0];
                            const _errs6 = errors;
                            if (errors === _errs6) {
                              if (typeof data3 === "string") {
                                if (!pattern4.test(data3)) {
                                  validate56.errors = [{ instancePath: instancePath + "/data/symbols/" + i0, schemaPath: "#/properties/data/properties/symbols/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$"' }];
                                  return false;
                                }
                              } else {
                                validate56.errors = [{ instancePath: instancePath + "/data/symbols/" + i0, schemaPath: "#/properties/data/properties/symbols/items/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                return false;
                              }
                            }
                            var valid2 = _errs6 === errors;
                            if (!valid2) {
                              break;
                            }
                          }
                          if (valid2) {
                            let i1 = data2.length;
                            let j0;
                            if (i1 > 1) {
                              const indices0 = {};
                              for (; i1--; ) {
                                let item0 = data2[i1];
                                if (typeof item0 !== "string") {
                                  continue;
                                }
                                if (typeof indices0[item0] == "number") {
                                  j0 = indices0[item0];
                                  validate56.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" }];
                                  return false;
                                  break;
                                }
                                indices0[item0] = i1;
                              }
                            }
                          }
                        }
                      } else {
                        validate56.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
                        return false;
                      }
                    }
                    var valid1 = _errs4 === errors;
                  } else {
                    var valid1 = true;
                  }
                  if (valid1) {
                    if (data1.reason !== void 0) {
                      let data4 = data1.reason;
                      const _errs8 = errors;
                      if (typeof data4 !== "string") {
                        validate56.errors = [{ instancePath: instancePath + "/data/reason", schemaPath: "#/properties/data/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                        return false;
                      }
                      if (!(data4 === "split" || data4 === "delete" || data4 === "retention" || data4 === "rebuild")) {
                        validate56.errors = [{ instancePath: instancePath + "/data/reason", schemaPath: "#/properties/data/properties/reason/enum", keyword: "enum", params: { allowedValues: schema22.properties.data.properties.reason.enum }, message: "must be equal to one of the allowed values" }];
                        return false;
                      }
                      var valid1 = _errs8 === errors;
                    } else {
                      var valid1 = true;
                    }
                    if (valid1) {
                      if (data1.fromDate !== void 0) {
                        let data5 = data1.fromDate;
                        const _errs10 = errors;
                        if (errors === _errs10) {
                          if (errors === _errs10) {
                            if (typeof data5 === "string") {
                              if (!formats8.validate(data5)) {
                                validate56.errors = [{ instancePath: instancePath + "/data/fromDate", schemaPath: "#/properties/data/properties/fromDate/format", keyword: "format", params: { format: "date" }, message: 'must match format "date"' }];
                                return false;
                              }
                            } else {
                              validate56.errors = [{ instancePath: instancePath + "/data/fromDate", schemaPath: "#/properties/data/properties/fromDate/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                              return false;
                            }
                          }
                        }
                        var valid1 = _errs10 === errors;
                      } else {
                        var valid1 = true;
                      }
                      if (valid1) {
                        if (data1.source !== void 0) {
                          let data6 = data1.source;
                          const _errs12 = errors;
                          if (errors === _errs12) {
                            if (typeof data6 === "string") {
                              if (func1(data6) > 40) {
                                validate56.errors = [{ instancePath: instancePath + "/data/source", schemaPath: "#/properties/data/properties/source/maxLength", keyword: "maxLength", params: { limit: 40 }, message: "must NOT have more than 40 characters" }];
                                return false;
                              } else {
                                if (func1(data6) < 1) {
                                  validate56.errors = [{ instancePath: instancePath + "/data/source", schemaPath: "#/properties/data/properties/source/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                                  return false;
                                }
                              }
                            } else {
                              validate56.errors = [{ instancePath: instancePath + "/data/source", schemaPath: "#/properties/data/properties/source/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                              return false;
                            }
                          }
                          var valid1 = _errs12 === errors;
                        } else {
                          var valid1 = true;
                        }
                      }
                    }
                  }
                }
              } else {
                validate56.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                return false;
              }
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
        }
      }
    } else {
      validate56.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate56.errors = vErrors;
  return errors === 0;
}
validate56.evaluated = { "props": { "metadata": true, "data": true }, "dynamicProps": false, "dynamicItems": false };
var validateEnvelopeV1 = validate58;
function validate58(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate58.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.version === void 0 && (missing0 = "version") || data.id === void 0 && (missing0 = "id") || data["detail-type"] === void 0 && (missing0 = "detail-type") || data.source === void 0 && (missing0 = "source") || data.time === void 0 && (missing0 = "time") || data.region === void 0 && (missing0 = "region") || data.resources === void 0 && (missing0 = "resources") || data.detail === void 0 && (missing0 = "detail")) {
        validate58.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.version !== void 0) {
          const _errs1 = errors;
          if (typeof data.version !== "string") {
            validate58.errors = [{ instancePath: instancePath + "/version", schemaPath: "#/properties/version/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
            return false;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.id !== void 0) {
            let data1 = data.id;
            const _errs3 = errors;
            if (errors === _errs3) {
              if (typeof data1 === "string") {
                if (func1(data1) < 1) {
                  validate58.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                  return false;
                }
              } else {
                validate58.errors = [{ instancePath: instancePath + "/id", schemaPath: "#/properties/id/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                return false;
              }
            }
            var valid0 = _errs3 === errors;
          } else {
            var valid0 = true;
          }
          if (valid0) {
            if (data["detail-type"] !== void 0) {
              let data2 = data["detail-type"];
              const _errs5 = errors;
              if (errors === _errs5) {
                if (typeof data2 === "string") {
                  if (func1(data2) < 1) {
                    validate58.errors = [{ instancePath: instancePath + "/detail-type", schemaPath: "#/properties/detail-type/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                    return false;
                  }
                } else {
                  validate58.errors = [{ instancePath: instancePath + "/detail-type", schemaPath: "#/properties/detail-type/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                  return false;
                }
              }
              var valid0 = _errs5 === errors;
            } else {
              var valid0 = true;
            }
            if (valid0) {
              if (data.source !== void 0) {
                let data3 = data.source;
                const _errs7 = errors;
                if (errors === _errs7) {
                  if (typeof data3 === "string") {
                    if (func1(data3) < 1) {
                      validate58.errors = [{ instancePath: instancePath + "/source", schemaPath: "#/properties/source/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                      return false;
                    }
                  } else {
                    validate58.errors = [{ instancePath: instancePath + "/source", schemaPath: "#/properties/source/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                    return false;
                  }
                }
                var valid0 = _errs7 === errors;
              } else {
                var valid0 = true;
              }
              if (valid0) {
                if (data.account !== void 0) {
                  const _errs9 = errors;
                  if (typeof data.account !== "string") {
                    validate58.errors = [{ instancePath: instancePath + "/account", schemaPath: "#/properties/account/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                    return false;
                  }
                  var valid0 = _errs9 === errors;
                } else {
                  var valid0 = true;
                }
                if (valid0) {
                  if (data.time !== void 0) {
                    let data5 = data.time;
                    const _errs11 = errors;
                    if (errors === _errs11) {
                      if (errors === _errs11) {
                        if (typeof data5 === "string") {
                          if (!formats2.validate(data5)) {
                            validate58.errors = [{ instancePath: instancePath + "/time", schemaPath: "#/properties/time/format", keyword: "format", params: { format: "date-time" }, message: 'must match format "date-time"' }];
                            return false;
                          }
                        } else {
                          validate58.errors = [{ instancePath: instancePath + "/time", schemaPath: "#/properties/time/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                          return false;
                        }
                      }
                    }
                    var valid0 = _errs11 === errors;
                  } else {
                    var valid0 = true;
                  }
                  if (valid0) {
                    if (data.region !== void 0) {
                      const _errs13 = errors;
                      if (typeof data.region !== "string") {
                        validate58.errors = [{ instancePath: instancePath + "/region", schemaPath: "#/properties/region/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                        return false;
                      }
                      var valid0 = _errs13 === errors;
                    } else {
                      var valid0 = true;
                    }
                    if (valid0) {
                      if (data.resources !== void 0) {
                        let data7 = data.resources;
                        const _errs15 = errors;
                        if (errors === _errs15) {
                          if (Array.isArray(data7)) {
                            var valid1 = true;
                            const len0 = data7.length;
                            for (let i0 = 0; i0 < len0; i0++) {
                              const _errs17 = errors;
                              if (typeof data7[i0] !== "string") {
                                validate58.errors = [{ instancePath: instancePath + "/resources/" + i0, schemaPath: "#/properties/resources/items/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                return false;
                              }
                              var valid1 = _errs17 === errors;
                              if (!valid1) {
                                break;
                              }
                            }
                          } else {
                            validate58.errors = [{ instancePath: instancePath + "/resources", schemaPath: "#/properties/resources/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
                            return false;
                          }
                        }
                        var valid0 = _errs15 === errors;
                      } else {
                        var valid0 = true;
                      }
                      if (valid0) {
                        if (data.detail !== void 0) {
                          let data9 = data.detail;
                          const _errs19 = errors;
                          if (!(data9 && typeof data9 == "object" && !Array.isArray(data9))) {
                            validate58.errors = [{ instancePath: instancePath + "/detail", schemaPath: "#/properties/detail/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                            return false;
                          }
                          var valid0 = _errs19 === errors;
                        } else {
                          var valid0 = true;
                        }
                        if (valid0) {
                          if (data["replay-name"] !== void 0) {
                            let data10 = data["replay-name"];
                            const _errs21 = errors;
                            if (errors === _errs21) {
                              if (typeof data10 === "string") {
                                if (func1(data10) < 1) {
                                  validate58.errors = [{ instancePath: instancePath + "/replay-name", schemaPath: "#/properties/replay-name/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                                  return false;
                                }
                              } else {
                                validate58.errors = [{ instancePath: instancePath + "/replay-name", schemaPath: "#/properties/replay-name/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                return false;
                              }
                            }
                            var valid0 = _errs21 === errors;
                          } else {
                            var valid0 = true;
                          }
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    } else {
      validate58.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate58.errors = vErrors;
  return errors === 0;
}
validate58.evaluated = { "props": { "version": true, "id": true, "detail-type": true, "source": true, "account": true, "time": true, "region": true, "resources": true, "detail": true, "replay-name": true }, "dynamicProps": false, "dynamicItems": false };
var validateMetadataV1 = validate54;
var validateResampleFailedV1 = validate59;
var schema24 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:fibonacci-bars:schema:resample-failed:1", "title": "ResampleFailed", "description": "A resampling job gave up. Its invalidations stay pending and are taken up again.", "type": "object", "required": ["metadata", "data"], "properties": { "metadata": { "$ref": "urn:fibonacci-bars:schema:metadata:1", "description": "Who says it, when, and because of what." }, "data": { "type": "object", "description": "What happened.", "required": ["jobId", "batchJobId", "intervals", "symbolCount", "attempts", "reason"], "properties": { "jobId": { "type": "string", "format": "uuid", "maxLength": 36, "description": "Id (UUID) of the row in ops.job." }, "batchJobId": { "type": ["string", "null"], "minLength": 1, "description": "Id that AWS Batch gave the job; null when it was never submitted." }, "intervals": { "type": "array", "minItems": 1, "uniqueItems": true, "description": "Intervals of the job, in trading days.", "items": { "type": "integer", "minimum": 2, "maximum": 1e3, "description": "Trading days." } }, "symbolCount": { "type": "integer", "minimum": 0, "description": "Symbols in the job." }, "attempts": { "type": "integer", "minimum": 0, "description": "Attempts that AWS Batch made." }, "reason": { "type": "string", "minLength": 1, "description": "Why it gave up, for people." } } } } };
function validate59(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate59.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.metadata === void 0 && (missing0 = "metadata") || data.data === void 0 && (missing0 = "data")) {
        validate59.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.metadata !== void 0) {
          const _errs1 = errors;
          if (!validate54(data.metadata, { instancePath: instancePath + "/metadata", parentData: data, parentDataProperty: "metadata", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
            errors = vErrors.length;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.data !== void 0) {
            let data1 = data.data;
            const _errs2 = errors;
            if (errors === _errs2) {
              if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
                let missing1;
                if (data1.jobId === void 0 && (missing1 = "jobId") || data1.batchJobId === void 0 && (missing1 = "batchJobId") || data1.intervals === void 0 && (missing1 = "intervals") || data1.symbolCount === void 0 && (missing1 = "symbolCount") || data1.attempts === void 0 && (missing1 = "attempts") || data1.reason === void 0 && (missing1 = "reason")) {
                  validate59.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'" }];
                  return false;
                } else {
                  if (data1.jobId !== void 0) {
                    let data2 = data1.jobId;
                    const _errs4 = errors;
                    if (errors === _errs4) {
                      if (errors === _errs4) {
                        if (typeof data2 === "string") {
                          if (func1(data2) > 36) {
                            validate59.errors = [{ instancePath: instancePath + "/data/jobId", schemaPath: "#/properties/data/properties/jobId/maxLength", keyword: "maxLength", params: { limit: 36 }, message: "must NOT have more than 36 characters" }];
                            return false;
                          } else {
                            if (!formats0.test(data2)) {
                              validate59.errors = [{ instancePath: instancePath + "/data/jobId", schemaPath: "#/properties/data/properties/jobId/format", keyword: "format", params: { format: "uuid" }, message: 'must match format "uuid"' }];
                              return false;
                            }
                          }
                        } else {
                          validate59.errors = [{ instancePath: instancePath + "/data/jobId", schemaPath: "#/properties/data/properties/jobId/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                          return false;
                        }
                      }
                    }
                    var valid1 = _errs4 === errors;
                  } else {
                    var valid1 = true;
                  }
                  if (valid1) {
                    if (data1.batchJobId !== void 0) {
                      let data3 = data1.batchJobId;
                      const _errs6 = errors;
                      if (typeof data3 !== "string" && data3 !== null) {
                        validate59.errors = [{ instancePath: instancePath + "/data/batchJobId", schemaPath: "#/properties/data/properties/batchJobId/type", keyword: "type", params: { type: schema24.properties.data.properties.batchJobId.type }, message: "must be string,null" }];
                        return false;
                      }
                      if (errors === _errs6) {
                        if (typeof data3 === "string") {
                          if (func1(data3) < 1) {
                            validate59.errors = [{ instancePath: instancePath + "/data/batchJobId", schemaPath: "#/properties/data/properties/batchJobId/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                            return false;
                          }
                        }
                      }
                      var valid1 = _errs6 === errors;
                    } else {
                      var valid1 = true;
                    }
                    if (valid1) {
                      if (data1.intervals !== void 0) {
                        let data4 = data1.intervals;
                        const _errs8 = errors;
                        if (errors === _errs8) {
                          if (Array.isArray(data4)) {
                            if (data4.length < 1) {
                              validate59.errors = [{ instancePath: instancePath + "/data/intervals", schemaPath: "#/properties/data/properties/intervals/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" }];
                              return false;
                            } else {
                              var valid2 = true;
                              const len0 = data4.length;
                              for (let i0 = 0; i0 < len0; i0++) {
                                let data5 = data4[i0];
                                const _errs10 = errors;
                                if (!(typeof data5 == "number" && (!(data5 % 1) && !isNaN(data5)) && isFinite(data5))) {
                                  validate59.errors = [{ instancePath: instancePath + "/data/intervals/" + i0, schemaPath: "#/properties/data/properties/intervals/items/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                  return false;
                                }
                                if (errors === _errs10) {
                                  if (typeof data5 == "number" && isFinite(data5)) {
                                    if (data5 > 1e3 || isNaN(data5)) {
                                      validate59.errors = [{ instancePath: instancePath + "/data/intervals/" + i0, schemaPath: "#/properties/data/properties/intervals/items/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 }, message: "must be <= 1000" }];
                                      return false;
                                    } else {
                                      if (data5 < 2 || isNaN(data5)) {
                                        validate59.errors = [{ instancePath: instancePath + "/data/intervals/" + i0, schemaPath: "#/properties/data/properties/intervals/items/minimum", keyword: "minimum", params: { comparison: ">=", limit: 2 }, message: "must be >= 2" }];
                                        return false;
                                      }
                                    }
                                  }
                                }
                                var valid2 = _errs10 === errors;
                                if (!valid2) {
                                  break;
                                }
                              }
                              if (valid2) {
                                let i1 = data4.length;
                                let j0;
                                if (i1 > 1) {
                                  const indices0 = {};
                                  for (; i1--; ) {
                                    let item0 = data4[i1];
                                    if (!(typeof item0 == "number" && (!(item0 % 1) && !isNaN(item0)) && isFinite(item0))) {
                                      continue;
                                    }
                                    if (typeof indices0[item0] == "number") {
                                      j0 = indices0[item0];
                                      validate59.errors = [{ instancePath: instancePath + "/data/intervals", schemaPath: "#/properties/data/properties/intervals/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" }];
                                      return false;
                                      break;
                                    }
                                    indices0[item0] = i1;
                                  }
                                }
                              }
                            }
                          } else {
                            validate59.errors = [{ instancePath: instancePath + "/data/intervals", schemaPath: "#/properties/data/properties/intervals/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
                            return false;
                          }
                        }
                        var valid1 = _errs8 === errors;
                      } else {
                        var valid1 = true;
                      }
                      if (valid1) {
                        if (data1.symbolCount !== void 0) {
                          let data6 = data1.symbolCount;
                          const _errs12 = errors;
                          if (!(typeof data6 == "number" && (!(data6 % 1) && !isNaN(data6)) && isFinite(data6))) {
                            validate59.errors = [{ instancePath: instancePath + "/data/symbolCount", schemaPath: "#/properties/data/properties/symbolCount/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                            return false;
                          }
                          if (errors === _errs12) {
                            if (typeof data6 == "number" && isFinite(data6)) {
                              if (data6 < 0 || isNaN(data6)) {
                                validate59.errors = [{ instancePath: instancePath + "/data/symbolCount", schemaPath: "#/properties/data/properties/symbolCount/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                return false;
                              }
                            }
                          }
                          var valid1 = _errs12 === errors;
                        } else {
                          var valid1 = true;
                        }
                        if (valid1) {
                          if (data1.attempts !== void 0) {
                            let data7 = data1.attempts;
                            const _errs14 = errors;
                            if (!(typeof data7 == "number" && (!(data7 % 1) && !isNaN(data7)) && isFinite(data7))) {
                              validate59.errors = [{ instancePath: instancePath + "/data/attempts", schemaPath: "#/properties/data/properties/attempts/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                              return false;
                            }
                            if (errors === _errs14) {
                              if (typeof data7 == "number" && isFinite(data7)) {
                                if (data7 < 0 || isNaN(data7)) {
                                  validate59.errors = [{ instancePath: instancePath + "/data/attempts", schemaPath: "#/properties/data/properties/attempts/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                  return false;
                                }
                              }
                            }
                            var valid1 = _errs14 === errors;
                          } else {
                            var valid1 = true;
                          }
                          if (valid1) {
                            if (data1.reason !== void 0) {
                              let data8 = data1.reason;
                              const _errs16 = errors;
                              if (errors === _errs16) {
                                if (typeof data8 === "string") {
                                  if (func1(data8) < 1) {
                                    validate59.errors = [{ instancePath: instancePath + "/data/reason", schemaPath: "#/properties/data/properties/reason/minLength", keyword: "minLength", params: { limit: 1 }, message: "must NOT have fewer than 1 characters" }];
                                    return false;
                                  }
                                } else {
                                  validate59.errors = [{ instancePath: instancePath + "/data/reason", schemaPath: "#/properties/data/properties/reason/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                  return false;
                                }
                              }
                              var valid1 = _errs16 === errors;
                            } else {
                              var valid1 = true;
                            }
                          }
                        }
                      }
                    }
                  }
                }
              } else {
                validate59.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                return false;
              }
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
        }
      }
    } else {
      validate59.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate59.errors = vErrors;
  return errors === 0;
}
validate59.evaluated = { "props": { "metadata": true, "data": true }, "dynamicProps": false, "dynamicItems": false };
var validateSilverUpdatedV1 = validate61;
var schema25 = { "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "urn:fibonacci-bars:schema:silver-updated:1", "title": "SilverUpdated", "description": "Fibonacci bars of one interval changed for a chunk of symbols. A rule that asks for a symbol in `completedSymbols` hears of its completed bars only.", "type": "object", "required": ["metadata", "data"], "properties": { "metadata": { "$ref": "urn:fibonacci-bars:schema:metadata:1", "description": "Who says it, when, and because of what." }, "data": { "type": "object", "description": "What happened.", "required": ["interval", "table", "symbols", "completedSymbols", "from", "changedRows", "sequence", "jobId", "runId"], "properties": { "interval": { "type": "integer", "minimum": 2, "maximum": 1e3, "description": "Length of the bars in trading days." }, "table": { "type": "string", "pattern": "^silver_[1-9][0-9]*d$", "description": "The table that holds the bars, for example silver_21d." }, "symbols": { "type": "array", "description": "Symbols whose bars changed; after a replay also those whose bars did not.", "minItems": 1, "uniqueItems": true, "items": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$", "description": "Symbol as the exchange spells it, case-sensitive: CPS and CpS are two stocks." } }, "completedSymbols": { "type": "array", "description": "Those of the symbols of which a bar became complete; may be empty.", "uniqueItems": true, "items": { "type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$", "description": "Symbol as the exchange spells it, case-sensitive: CPS and CpS are two stocks." } }, "from": { "type": ["string", "null"], "format": "date", "description": "Earliest start_date of a changed bar: a calendar date in New York, YYYY-MM-DD; null when changedRows is 0." }, "changedRows": { "type": "integer", "minimum": 0, "description": "Rows of the table inserted, updated or deleted." }, "sequence": { "type": "integer", "minimum": 1, "maximum": 9007199254740991, "description": "Rises from event to event for any one symbol, with gaps: an event with a lower sequence is older." }, "jobId": { "type": ["string", "null"], "format": "uuid", "maxLength": 36, "description": "Id (UUID) of the row in ops.job that the change belongs to; null when no job was claimed." }, "runId": { "type": "string", "format": "uuid", "maxLength": 36, "description": "Id (UUID) of the row in ops.run: the transaction that wrote the bars." } } } } };
var pattern6 = new RegExp("^silver_[1-9][0-9]*d$", "u");
function validate61(data, { instancePath = "", parentData, parentDataProperty, rootData = data, dynamicAnchors = {} } = {}) {
  ;
  let vErrors = null;
  let errors = 0;
  const evaluated0 = validate61.evaluated;
  if (evaluated0.dynamicProps) {
    evaluated0.props = void 0;
  }
  if (evaluated0.dynamicItems) {
    evaluated0.items = void 0;
  }
  if (errors === 0) {
    if (data && typeof data == "object" && !Array.isArray(data)) {
      let missing0;
      if (data.metadata === void 0 && (missing0 = "metadata") || data.data === void 0 && (missing0 = "data")) {
        validate61.errors = [{ instancePath, schemaPath: "#/required", keyword: "required", params: { missingProperty: missing0 }, message: "must have required property '" + missing0 + "'" }];
        return false;
      } else {
        if (data.metadata !== void 0) {
          const _errs1 = errors;
          if (!validate54(data.metadata, { instancePath: instancePath + "/metadata", parentData: data, parentDataProperty: "metadata", rootData, dynamicAnchors })) {
            vErrors = vErrors === null ? validate54.errors : vErrors.concat(validate54.errors);
            errors = vErrors.length;
          }
          var valid0 = _errs1 === errors;
        } else {
          var valid0 = true;
        }
        if (valid0) {
          if (data.data !== void 0) {
            let data1 = data.data;
            const _errs2 = errors;
            if (errors === _errs2) {
              if (data1 && typeof data1 == "object" && !Array.isArray(data1)) {
                let missing1;
                if (data1.interval === void 0 && (missing1 = "interval") || data1.table === void 0 && (missing1 = "table") || data1.symbols === void 0 && (missing1 = "symbols") || data1.completedSymbols === void 0 && (missing1 = "completedSymbols") || data1.from === void 0 && (missing1 = "from") || data1.changedRows === void 0 && (missing1 = "changedRows") || data1.sequence === void 0 && (missing1 = "sequence") || data1.jobId === void 0 && (missing1 = "jobId") || data1.runId === void 0 && (missing1 = "runId")) {
                  validate61.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/required", keyword: "required", params: { missingProperty: missing1 }, message: "must have required property '" + missing1 + "'" }];
                  return false;
                } else {
                  if (data1.interval !== void 0) {
                    let data2 = data1.interval;
                    const _errs4 = errors;
                    if (!(typeof data2 == "number" && (!(data2 % 1) && !isNaN(data2)) && isFinite(data2))) {
                      validate61.errors = [{ instancePath: instancePath + "/data/interval", schemaPath: "#/properties/data/properties/interval/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                      return false;
                    }
                    if (errors === _errs4) {
                      if (typeof data2 == "number" && isFinite(data2)) {
                        if (data2 > 1e3 || isNaN(data2)) {
                          validate61.errors = [{ instancePath: instancePath + "/data/interval", schemaPath: "#/properties/data/properties/interval/maximum", keyword: "maximum", params: { comparison: "<=", limit: 1e3 }, message: "must be <= 1000" }];
                          return false;
                        } else {
                          if (data2 < 2 || isNaN(data2)) {
                            validate61.errors = [{ instancePath: instancePath + "/data/interval", schemaPath: "#/properties/data/properties/interval/minimum", keyword: "minimum", params: { comparison: ">=", limit: 2 }, message: "must be >= 2" }];
                            return false;
                          }
                        }
                      }
                    }
                    var valid1 = _errs4 === errors;
                  } else {
                    var valid1 = true;
                  }
                  if (valid1) {
                    if (data1.table !== void 0) {
                      let data3 = data1.table;
                      const _errs6 = errors;
                      if (errors === _errs6) {
                        if (typeof data3 === "string") {
                          if (!pattern6.test(data3)) {
                            validate61.errors = [{ instancePath: instancePath + "/data/table", schemaPath: "#/properties/data/properties/table/pattern", keyword: "pattern", params: { pattern: "^silver_[1-9][0-9]*d$" }, message: 'must match pattern "^silver_[1-9][0-9]*d$"' }];
                            return false;
                          }
                        } else {
                          validate61.errors = [{ instancePath: instancePath + "/data/table", schemaPath: "#/properties/data/properties/table/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                          return false;
                        }
                      }
                      var valid1 = _errs6 === errors;
                    } else {
                      var valid1 = true;
                    }
                    if (valid1) {
                      if (data1.symbols !== void 0) {
                        let data4 = data1.symbols;
                        const _errs8 = errors;
                        if (errors === _errs8) {
                          if (Array.isArray(data4)) {
                            if (data4.length < 1) {
                              validate61.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/minItems", keyword: "minItems", params: { limit: 1 }, message: "must NOT have fewer than 1 items" }];
                              return false;
                            } else {
                              var valid2 = true;
                              const len0 = data4.length;
                              for (let i0 = 0; i0 < len0; i0++) {
                                let data5 = data4[i0];
                                const _errs10 = errors;
                                if (errors === _errs10) {
                                  if (typeof data5 === "string") {
                                    if (!pattern4.test(data5)) {
                                      validate61.errors = [{ instancePath: instancePath + "/data/symbols/" + i0, schemaPath: "#/properties/data/properties/symbols/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$"' }];
                                      return false;
                                    }
                                  } else {
                                    validate61.errors = [{ instancePath: instancePath + "/data/symbols/" + i0, schemaPath: "#/properties/data/properties/symbols/items/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                    return false;
                                  }
                                }
                                var valid2 = _errs10 === errors;
                                if (!valid2) {
                                  break;
                                }
                              }
                              if (valid2) {
                                let i1 = data4.length;
                                let j0;
                                if (i1 > 1) {
                                  const indices0 = {};
                                  for (; i1--; ) {
                                    let item0 = data4[i1];
                                    if (typeof item0 !== "string") {
                                      continue;
                                    }
                                    if (typeof indices0[item0] == "number") {
                                      j0 = indices0[item0];
                                      validate61.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/uniqueItems", keyword: "uniqueItems", params: { i: i1, j: j0 }, message: "must NOT have duplicate items (items ## " + j0 + " and " + i1 + " are identical)" }];
                                      return false;
                                      break;
                                    }
                                    indices0[item0] = i1;
                                  }
                                }
                              }
                            }
                          } else {
                            validate61.errors = [{ instancePath: instancePath + "/data/symbols", schemaPath: "#/properties/data/properties/symbols/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
                            return false;
                          }
                        }
                        var valid1 = _errs8 === errors;
                      } else {
                        var valid1 = true;
                      }
                      if (valid1) {
                        if (data1.completedSymbols !== void 0) {
                          let data6 = data1.completedSymbols;
                          const _errs12 = errors;
                          if (errors === _errs12) {
                            if (Array.isArray(data6)) {
                              var valid4 = true;
                              const len1 = data6.length;
                              for (let i2 = 0; i2 < len1; i2++) {
                                let data7 = data6[i2];
                                const _errs14 = errors;
                                if (errors === _errs14) {
                                  if (typeof data7 === "string") {
                                    if (!pattern4.test(data7)) {
                                      validate61.errors = [{ instancePath: instancePath + "/data/completedSymbols/" + i2, schemaPath: "#/properties/data/properties/completedSymbols/items/pattern", keyword: "pattern", params: { pattern: "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$" }, message: 'must match pattern "^[A-Za-z0-9][A-Za-z0-9./-]{0,19}$"' }];
                                      return false;
                                    }
                                  } else {
                                    validate61.errors = [{ instancePath: instancePath + "/data/completedSymbols/" + i2, schemaPath: "#/properties/data/properties/completedSymbols/items/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                    return false;
                                  }
                                }
                                var valid4 = _errs14 === errors;
                                if (!valid4) {
                                  break;
                                }
                              }
                              if (valid4) {
                                let i3 = data6.length;
                                let j1;
                                if (i3 > 1) {
                                  const indices1 = {};
                                  for (; i3--; ) {
                                    let item1 = data6[i3];
                                    if (typeof item1 !== "string") {
                                      continue;
                                    }
                                    if (typeof indices1[item1] == "number") {
                                      j1 = indices1[item1];
                                      validate61.errors = [{ instancePath: instancePath + "/data/completedSymbols", schemaPath: "#/properties/data/properties/completedSymbols/uniqueItems", keyword: "uniqueItems", params: { i: i3, j: j1 }, message: "must NOT have duplicate items (items ## " + j1 + " and " + i3 + " are identical)" }];
                                      return false;
                                      break;
                                    }
                                    indices1[item1] = i3;
                                  }
                                }
                              }
                            } else {
                              validate61.errors = [{ instancePath: instancePath + "/data/completedSymbols", schemaPath: "#/properties/data/properties/completedSymbols/type", keyword: "type", params: { type: "array" }, message: "must be array" }];
                              return false;
                            }
                          }
                          var valid1 = _errs12 === errors;
                        } else {
                          var valid1 = true;
                        }
                        if (valid1) {
                          if (data1.from !== void 0) {
                            let data8 = data1.from;
                            const _errs16 = errors;
                            if (typeof data8 !== "string" && data8 !== null) {
                              validate61.errors = [{ instancePath: instancePath + "/data/from", schemaPath: "#/properties/data/properties/from/type", keyword: "type", params: { type: schema25.properties.data.properties.from.type }, message: "must be string,null" }];
                              return false;
                            }
                            if (errors === _errs16) {
                              if (errors === _errs16) {
                                if (typeof data8 === "string") {
                                  if (!formats8.validate(data8)) {
                                    validate61.errors = [{ instancePath: instancePath + "/data/from", schemaPath: "#/properties/data/properties/from/format", keyword: "format", params: { format: "date" }, message: 'must match format "date"' }];
                                    return false;
                                  }
                                }
                              }
                            }
                            var valid1 = _errs16 === errors;
                          } else {
                            var valid1 = true;
                          }
                          if (valid1) {
                            if (data1.changedRows !== void 0) {
                              let data9 = data1.changedRows;
                              const _errs18 = errors;
                              if (!(typeof data9 == "number" && (!(data9 % 1) && !isNaN(data9)) && isFinite(data9))) {
                                validate61.errors = [{ instancePath: instancePath + "/data/changedRows", schemaPath: "#/properties/data/properties/changedRows/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                return false;
                              }
                              if (errors === _errs18) {
                                if (typeof data9 == "number" && isFinite(data9)) {
                                  if (data9 < 0 || isNaN(data9)) {
                                    validate61.errors = [{ instancePath: instancePath + "/data/changedRows", schemaPath: "#/properties/data/properties/changedRows/minimum", keyword: "minimum", params: { comparison: ">=", limit: 0 }, message: "must be >= 0" }];
                                    return false;
                                  }
                                }
                              }
                              var valid1 = _errs18 === errors;
                            } else {
                              var valid1 = true;
                            }
                            if (valid1) {
                              if (data1.sequence !== void 0) {
                                let data10 = data1.sequence;
                                const _errs20 = errors;
                                if (!(typeof data10 == "number" && (!(data10 % 1) && !isNaN(data10)) && isFinite(data10))) {
                                  validate61.errors = [{ instancePath: instancePath + "/data/sequence", schemaPath: "#/properties/data/properties/sequence/type", keyword: "type", params: { type: "integer" }, message: "must be integer" }];
                                  return false;
                                }
                                if (errors === _errs20) {
                                  if (typeof data10 == "number" && isFinite(data10)) {
                                    if (data10 > 9007199254740991 || isNaN(data10)) {
                                      validate61.errors = [{ instancePath: instancePath + "/data/sequence", schemaPath: "#/properties/data/properties/sequence/maximum", keyword: "maximum", params: { comparison: "<=", limit: 9007199254740991 }, message: "must be <= 9007199254740991" }];
                                      return false;
                                    } else {
                                      if (data10 < 1 || isNaN(data10)) {
                                        validate61.errors = [{ instancePath: instancePath + "/data/sequence", schemaPath: "#/properties/data/properties/sequence/minimum", keyword: "minimum", params: { comparison: ">=", limit: 1 }, message: "must be >= 1" }];
                                        return false;
                                      }
                                    }
                                  }
                                }
                                var valid1 = _errs20 === errors;
                              } else {
                                var valid1 = true;
                              }
                              if (valid1) {
                                if (data1.jobId !== void 0) {
                                  let data11 = data1.jobId;
                                  const _errs22 = errors;
                                  if (typeof data11 !== "string" && data11 !== null) {
                                    validate61.errors = [{ instancePath: instancePath + "/data/jobId", schemaPath: "#/properties/data/properties/jobId/type", keyword: "type", params: { type: schema25.properties.data.properties.jobId.type }, message: "must be string,null" }];
                                    return false;
                                  }
                                  if (errors === _errs22) {
                                    if (errors === _errs22) {
                                      if (typeof data11 === "string") {
                                        if (func1(data11) > 36) {
                                          validate61.errors = [{ instancePath: instancePath + "/data/jobId", schemaPath: "#/properties/data/properties/jobId/maxLength", keyword: "maxLength", params: { limit: 36 }, message: "must NOT have more than 36 characters" }];
                                          return false;
                                        } else {
                                          if (!formats0.test(data11)) {
                                            validate61.errors = [{ instancePath: instancePath + "/data/jobId", schemaPath: "#/properties/data/properties/jobId/format", keyword: "format", params: { format: "uuid" }, message: 'must match format "uuid"' }];
                                            return false;
                                          }
                                        }
                                      }
                                    }
                                  }
                                  var valid1 = _errs22 === errors;
                                } else {
                                  var valid1 = true;
                                }
                                if (valid1) {
                                  if (data1.runId !== void 0) {
                                    let data12 = data1.runId;
                                    const _errs24 = errors;
                                    if (errors === _errs24) {
                                      if (errors === _errs24) {
                                        if (typeof data12 === "string") {
                                          if (func1(data12) > 36) {
                                            validate61.errors = [{ instancePath: instancePath + "/data/runId", schemaPath: "#/properties/data/properties/runId/maxLength", keyword: "maxLength", params: { limit: 36 }, message: "must NOT have more than 36 characters" }];
                                            return false;
                                          } else {
                                            if (!formats0.test(data12)) {
                                              validate61.errors = [{ instancePath: instancePath + "/data/runId", schemaPath: "#/properties/data/properties/runId/format", keyword: "format", params: { format: "uuid" }, message: 'must match format "uuid"' }];
                                              return false;
                                            }
                                          }
                                        } else {
                                          validate61.errors = [{ instancePath: instancePath + "/data/runId", schemaPath: "#/properties/data/properties/runId/type", keyword: "type", params: { type: "string" }, message: "must be string" }];
                                          return false;
                                        }
                                      }
                                    }
                                    var valid1 = _errs24 === errors;
                                  } else {
                                    var valid1 = true;
                                  }
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              } else {
                validate61.errors = [{ instancePath: instancePath + "/data", schemaPath: "#/properties/data/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
                return false;
              }
            }
            var valid0 = _errs2 === errors;
          } else {
            var valid0 = true;
          }
        }
      }
    } else {
      validate61.errors = [{ instancePath, schemaPath: "#/type", keyword: "type", params: { type: "object" }, message: "must be object" }];
      return false;
    }
  }
  validate61.errors = vErrors;
  return errors === 0;
}
validate61.evaluated = { "props": { "metadata": true, "data": true }, "dynamicProps": false, "dynamicItems": false };
export {
  validateBarsIngestedV1,
  validateBarsRestatedV1,
  validateBatchJobStateChangeV1,
  validateEnvelopeV1,
  validateMetadataV1,
  validateResampleFailedV1,
  validateSilverUpdatedV1
};
