import ReBAC
import Testing

@Suite("The macros of conditions")
struct MacroTests {
    @Test(
        "look at all elements of lists and keys of maps",
        arguments: [
            ("numbers.all(n, n > 0) && !numbers.all(n, n > 1)", .holds), ("numbers.exists(n, n == 2) && !numbers.exists(n, n > 3)", .holds),
            ("[].all(n, false) && ![].exists(n, true)", .holds), ("numbers.exists_one(n, n == 2) && !numbers.exists_one(n, n > 1)", .holds),
            ("numbers.existsOne(n, n > 2)", .holds),
            ("numbers.map(n, n * n) == [1, 4, 9]", .holds), ("numbers.map(n, n > 1, n * 10) == [20, 30]", .holds),
            ("numbers.filter(n, n % 2 == 1) == [1, 3]", .holds),
            ("ages.exists(name, ages[name] > 40) && ages.all(name, size(name) > 2)", .holds), ("numbers.exists(n, numbers.all(m, n <= m))", .holds),
            ("numbers.all(i, i < 4) && i == 7", .holds), ("numbers.exists(n, 1 / (n - 1) > 0)", .holds), ("numbers.all(n, 1 / (n - 1) > 5)", .fails),
            ("numbers.all(n, 1 / (n - 1) >= 0)", .undecided("division by zero")),
            ("numbers.exists_one(n, 1 / (n - 1) > 0)", .undecided("division by zero")),
            ("things.list.exists(x, x == 'two')", .holds), ("any.all(x, true)", .undecided("no such overload")),
            ("numbers.map(n, n > 1, n * 10)[0] == 20", .holds),
            ("numbers.all(n, n)", .refused("expected type 'bool' but found 'int'")),
            ("numbers.all(n.m, true)", .refused("1:14 argument must be a simple name")),
            ("numbers.all(1, true)", .refused("simple name")), ("s.all(c, true)", .refused("cannot be range of a comprehension")),
            ("numbers.all(n)", .refused("undeclared reference to 'all'")),
            ("numbers.all(n, n > 0) && n > 0", .refused("undeclared reference to 'n'")), ("numbers.map(n, n > 1) == [1]", .refused("'_==_'")),
            ("all(n, true)", .refused("undeclared")),
        ] as [(String, Outcome)])
    func comprehensions(expression: String, outcome: Outcome) { expect(expression, outcome) }

    @Test(
        "ask whether a field is there",
        arguments: [
            ("has(ages.anne) && !has(ages.carl)", .holds), ("has(things.nothing)", .holds), ("has(things.flag) && things.flag", .holds),
            ("!has(things.a)", .holds),
            ("has(things.a.b)", .undecided("no such key: a")), ("has(any.a)", .undecided("unsupported field selection")),
            ("has(s.a)", .refused("field selection")),
            ("has(ages['anne'])", .refused("1:9 invalid argument to has() macro")), ("has(ages)", .refused("invalid argument to has()")),
            ("has(ages.a, ages.b)", .refused("undeclared reference to 'has'")),
            ("{'a': 1}.a == 1 && has({'a': 1}.a)", .holds),
        ] as [(String, Outcome)])
    func presence(expression: String, outcome: Outcome) { expect(expression, outcome) }

    @Test(
        "are refused with the names that nobody declared and the syntax that conditions do not have",
        arguments: [
            ("nobody == 1", .refused("1:1 undeclared reference to 'nobody'")), ("i == 7 &&\n  nobody", .refused("2:3 undeclared reference")),
            ("f(1)", .refused("undeclared reference to 'f'")),
            ("s.upper() == ''", .refused("undeclared reference to 'upper'")), ("cel.bind(x, 1, x == 1)", .refused("undeclared")),
            ("Foo{}", .refused("messages cannot be made")),
            ("a.b.C{x: 1} == null", .refused("messages")), ("things.?a == null", .refused("optional values")),
            ("[?things.a] == []", .refused("optional values")),
            ("things.`a-b` == 1", .refused("quoted field names")), ("things[?'a'] == 1", .refused("optional")),
            ("if == 1", .refused("reserved identifier: if")), ("things.if == 1", .undecided("no such key: if")),
            ("in == 1", .refused("expected a name")), ("things.in == 1", .refused("expected a name")), ("@in(1, [1])", .refused("token recognition")),
            ("i", .refused("expected a bool condition expression output, but got 'int'")),
            ("any", .refused("got 'dyn'")), ("things.flag", .refused("got 'dyn'")), ("things.flag == true", .holds), (".b && .i == 7", .holds),
            ("_+_(1, 2) == 3", .refused("undeclared")), ("google.protobuf.Timestamp == type(t)", .refused("undeclared reference to 'google'")),
        ] as [(String, Outcome)])
    func refusals(expression: String, outcome: Outcome) { expect(expression, outcome) }
}
