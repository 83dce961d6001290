import ReBAC
import Testing

@Suite("The operators of conditions")
struct OperatorTests {
    @Test(
        "read literals as CEL does",
        arguments: [
            ("0x1F == 31 && -0x10 == -16", .holds), ("-9223372036854775808 < 0", .holds), ("9223372036854775807 > 0", .holds),
            ("18446744073709551615u > 1u && 0xFFu == 255u", .holds), ("1.5e3 == 1500.0 && .5 == 0.5 && 1E-2 == 0.01", .holds),
            ("'it\\'s' == \"it's\"", .holds), ("'''a'b\n''' == 'a\\'b\\n'", .holds), ("\"\"\"a\"b\"\"\" == 'a\"b'", .holds),
            ("r'\\n' == '\\\\n' && size(R\"\\d\") == 2", .holds), ("'\\x41\\u00e9\\U0001F600\\101' == 'Aé😀A'", .holds),
            ("'\\a\\b\\f\\n\\r\\t\\v\\?\\`'.size() == 9", .holds), ("b'\\xff\\101' == b'\\377A' && size(b'é') == 2", .holds),
            ("br'\\x' == b'\\\\x'", .holds),
            ("null == null && true != false", .holds), ("[1, 2,] == [1, 2]", .holds), ("{'a': 1, 'b': 2,}['b'] == 2", .holds),
            ("// a comment\n true // and one more", .holds),
            ("9223372036854775808 > 0", .refused("1:1 invalid int literal")), ("-9223372036854775809 < 0", .refused("invalid int literal")),
            ("18446744073709551616u > 0u", .refused("invalid uint literal")), ("1e999 > 0.0", .refused("invalid double literal")),
            ("'open", .refused("1:1 Syntax error")), ("'two\nlines' == s", .refused("1:1 Syntax error")),
            ("'\\q' == s", .refused("1:2 Syntax error")),
            ("'\\ud800' == s", .refused("Syntax error")), ("b'\\u0041' == b'A'", .refused("Syntax error")),
            ("{1: 2, 1: 3} == {}", .refused("same key twice")),
            ("{1.5: 2} == {}", .refused("unsupported key type 'double'")),
        ] as [(String, Outcome)])
    func literals(expression: String, outcome: Outcome) { expect(expression, outcome) }

    @Test(
        "bind as tightly as CEL says",
        arguments: [
            ("true || true && false", .holds), ("(true || true) && false", .fails), ("1 + 2 * 3 == 7", .holds), ("(1 + 2) * 3 == 9", .holds),
            ("10 - 4 - 3 == 3 && 100 / 10 / 5 == 2", .holds), ("-2 + 3 == 1 && - 2 - -2 == 0", .holds), ("!false && !(!true || false)", .holds),
            ("!!true", .holds), ("false ? false : true ? true : false", .holds), ("true ? 1 + 1 == 2 : false", .holds),
            ("1 + 1 in [2]", .holds), ("-i == -7 && - -i == 7", .holds), ("1 < 2 == true", .holds), ("numbers[0] + numbers[2] == 4", .holds),
            ("a b", .refused("1:3 Syntax error")), ("", .refused("1:1 Syntax error")), ("1 +", .refused("1:4 Syntax error")),
            ("(true", .refused("1:6 Syntax error: expected ')'")), ("i = 7", .refused("equality is '=='")), ("true & false", .refused("'&&'")),
            ("true ? true", .refused("expected ':'")), ("[1, 2", .refused("',' or ']'")), ("true;", .refused("token recognition error at: ';'")),
            ("b\n  && é", .refused("2:6 Syntax error")),
        ] as [(String, Outcome)])
    func precedence(expression: String, outcome: Outcome) { expect(expression, outcome) }

    @Test(
        "calculate without conversions, and fail rather than overflow",
        arguments: [
            ("i + 3 == 10 && i - 10 == -3 && i * 2 == 14 && i / 2 == 3 && i % 4 == 3", .holds), ("-7 / 2 == -3 && -7 % 4 == -3", .holds),
            ("u + 1u == 10u && u / 2u == 4u && u % 2u == 1u", .holds), ("d * 2.0 == 5.0 && d - 0.5 == 2.0 && -d < 0.0", .holds),
            ("1.0 / 0.0 > 1e300 && -1.0 / 0.0 < 0.0", .holds), ("s + '!' == 'héllo!' && b'a' + b'b' == b'ab'", .holds),
            ("numbers + [4] == [1, 2, 3, 4]", .holds), ("[] + [] == []", .holds),
            ("9223372036854775807 + i > 0", .undecided("integer overflow")), ("-9223372036854775808 - i < 0", .undecided("integer overflow")),
            ("i * 9223372036854775807 > 0", .undecided("integer overflow")), ("-9223372036854775808 / -1 > i", .undecided("integer overflow")),
            ("-(-9223372036854775808) > i", .undecided("integer overflow")), ("u - 10u > 0u", .undecided("unsigned integer overflow")),
            ("u * 18446744073709551615u > 0u", .undecided("unsigned integer overflow")), ("i / 0 == 1", .undecided("division by zero")),
            ("i % 0 == 1", .undecided("modulus by zero")), ("u / 0u == 1u", .undecided("division by zero")),
            ("i + d == 9.5", .refused("1:3 found no matching overload for '_+_' applied to '(int, double)'")),
            ("i + u == 9", .refused("'(int, uint)'")), ("d % 2.0 == 0.5", .refused("'_%_'")), ("-u == u", .refused("'-_' applied to '(uint)'")),
            ("!i", .refused("'!_' applied to '(int)'")), ("s - 'h' == 'éllo'", .refused("'_-_'")), ("i + any == 10", .undecided("no such overload")),
            ("d + any == 5.5", .holds),
        ] as [(String, Outcome)])
    func arithmetic(expression: String, outcome: Outcome) { expect(expression, outcome) }

    @Test(
        "compare numbers of any types and other values of one",
        arguments: [
            ("i < 7.5 && i > 6.5 && u > i && i < u && d > 2 && d < 3u", .holds), ("9007199254740993 > 9007199254740992.0", .holds),
            ("-1 < 0u && 18446744073709551615u > -1", .holds), ("9223372036854775807 < 9223372036854775808.0", .holds),
            ("any == 3 && any == 3u && any == 3.0 && 3 == any", .holds), ("any == '3' || any == true", .fails), ("any != 'x'", .holds),
            ("'a' < 'b' && 'Z' < 'a' && 'z' < 'é' && '' < 'a'", .holds), ("'\\u00e9' == 'e\\u0301'", .fails),
            ("b'a' <= b'a' && b'a' < b'aa'", .holds),
            ("false < true && b >= true", .holds), ("[1, 2] == [1, 2] && [1, 2] != [2, 1]", .holds),
            ("{'a': 1} == {'a': 1} && {'a': 1} != {'b': 1}", .holds),
            ("things.list == [1, 'two']", .holds), ("things.nothing == null", .holds), ("t == null || span == null || ip == null", .fails),
            ("i == d", .refused("'_==_' applied to '(int, double)'")), ("s == 1", .refused("'(string, int)'")),
            ("s == null", .refused("'(string, null_type)'")),
            ("s < 1", .refused("'_<_' applied to '(string, int)'")), ("names < names", .refused("'_<_'")),
            ("any < 'a'", .undecided("no such overload")),
            ("0.0 / 0.0 == 0.0 / 0.0", .fails), ("0.0 / 0.0 != 0.0 / 0.0", .holds), ("0.0 / 0.0 < 1.0", .undecided("NaN")),
        ] as [(String, Outcome)])
    func comparison(expression: String, outcome: Outcome) { expect(expression, outcome) }

    @Test(
        "take up errors where the other operand decides",
        arguments: [
            ("1 / (i - 7) > 0 || true", .holds), ("true || 1 / (i - 7) > 0", .holds), ("1 / (i - 7) > 0 && false", .fails),
            ("false && 1 / (i - 7) > 0", .fails),
            ("1 / (i - 7) > 0 || false", .undecided("division by zero")), ("true && 1 / (i - 7) > 0", .undecided("division by zero")),
            ("things.no || 1 / (i - 7) > 0", .undecided("no such key: no")), ("any && false", .fails), ("any || true", .holds),
            ("any && true", .undecided("no such overload")), ("1 / (i - 7) > 0 ? true : true", .undecided("division by zero")),
            ("b ? true : 1 / (i - 7) > 0", .holds), ("any ? true : true", .undecided("no such overload")),
            ("i ? true : true", .refused("expected type 'bool'")),
            ("i && b", .refused("1:1 expected type 'bool' but found 'int'")), ("b ? 1 : 'x'", .refused("'_?_:_'")),
            ("b ? i : 1", .refused("got 'int'")),
        ] as [(String, Outcome)])
    func logic(expression: String, outcome: Outcome) { expect(expression, outcome) }

    @Test(
        "reach into lists and maps",
        arguments: [
            ("names[1] == 'bob' && ages['anne'] == 41 && ages.bob == 17", .holds), ("things.list[1] == 'two' && things['flag'] == true", .holds),
            ("{1: 'a'}[1u] == 'a'", .refused("'_[_]'")), ("{1: 'a'}[dyn(1u)] == 'a' && {1: 'a'}[dyn(1.0)] == 'a'", .holds),
            ("{true: 1}[b] == 1", .holds),
            ("names[2] == ''", .undecided("index out of bounds: 2")), ("names[-1] == ''", .undecided("index out of bounds: -1")),
            ("names[9223372036854775807] == ''", .undecided("out of bounds")), ("names[any] == ''", .undecided("index out of bounds: 3")),
            ("things.list[dyn('x')] == 1", .undecided("unsupported index type")), ("ages['carl'] > 0 || b", .holds),
            ("ages.carl > 0", .undecided("no such key: carl")),
            ("any.field == 1", .undecided("unsupported field selection")), ("names['a'] == ''", .refused("'_[_]'")),
            ("s.length == 5", .refused("does not support field selection")),
            ("names.first == ''", .refused("field selection")), ("i[0] == 0", .refused("'_[_]'")),
            ("'anne' in names && !('carl' in names) && 'bob' in ages && 2 in numbers", .holds), ("i in [1, 7] && s in ['x', 'héllo']", .holds),
            ("1 in names", .refused("'@in' applied to '(int, list(string))'")), ("1 in 1", .refused("'@in'")),
            ("3 in any", .undecided("no such overload")),
            ("any in [1.0, 3.0] && any in [dyn(3u)]", .holds), ("'x' in {'x': null}", .holds), ("null in [null]", .holds),
        ] as [(String, Outcome)])
    func containers(expression: String, outcome: Outcome) { expect(expression, outcome) }
}
