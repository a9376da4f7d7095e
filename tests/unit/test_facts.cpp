// Facts: Python's tree as C++ reads it, and files that have none.

#include <catch2/catch.hpp>

#include "core/error.h"
#include "core/facts.h"
#include "python_facts.h"

using namespace decomp;

namespace {

Facts facts_of(const std::string& source) { return python_facts({source})[0]; }

Finding only_finding(const std::string& source) {
  const auto findings = facts_findings(facts_of(source));
  REQUIRE(findings.size() == 1);
  return findings[0];
}

Node first_value(const Facts& facts) { return facts.module().list("body").at(0).child("value"); }

}  // namespace

TEST_CASE("nodes have kinds, fields and places in bytes", "[facts]") {
  const Facts facts = facts_of("# ä\nnäme = F.relu(x, y=(1, 'ü'))  # comment\n");
  CHECK(facts_findings(facts).empty());
  const Node assign = facts.module().list("body").at(0);
  CHECK(assign.is("Assign"));
  CHECK(assign.list("targets").at(0).text("id") == "näme");
  CHECK(assign.list("targets").at(0).text("ctx") == "Store");
  const Node call = assign.child("value");
  CHECK(call.is("Call"));
  CHECK(call.child("func").dotted() == "F.relu");
  CHECK(call.line() == 2);
  CHECK(call.column() == 9);  // ä takes two bytes
  CHECK(call.end_column() == 31);
  CHECK(call.list("keywords").at(0).text("arg") == "y");
  CHECK(call.list("keywords").at(0).child("value").list("elts").size() == 2);
  CHECK(call.children().size() == 3);
  const Location where = facts.at(call);
  CHECK(where.file == "0.py");
  CHECK(where.line == 2);
  CHECK(where.end_column == 31);
}

TEST_CASE("what is absent is a null node, not a surprise", "[facts]") {
  const Facts facts = facts_of("def f(): return\nx = {**a, 'k': 1}\n");
  const Node function = facts.module().list("body").at(0);
  CHECK_FALSE(function.child("returns"));
  CHECK(function.list("decorator_list").empty());
  CHECK(function.text("nothing").empty());
  CHECK(function.child("returns").child("more").kind().empty());
  CHECK(function.list("body").at(0).children().empty());
  CHECK(Node().line() == 0);
  CHECK(Node().dotted().empty());
  const auto keys = facts.module().list("body").at(1).child("value").list("keys");
  REQUIRE(keys.size() == 2);
  CHECK_FALSE(keys[0]);  // of **a
  CHECK(keys[1].is("Constant"));
}

TEST_CASE("constants keep their exact value as text", "[facts]") {
  const auto constant = [](const std::string& text) { return (*first_value(facts_of("x = " + text + "\n")).raw("value")).dump(); };
  CHECK(constant("123456789012345678901234567890") == R"({"kind":"int","value":"123456789012345678901234567890"})");
  CHECK(constant("1e-5") == R"({"kind":"float","value":"1e-05"})");
  CHECK(constant("1e999") == R"({"kind":"float","value":"inf"})");
  CHECK(constant("2j") == R"({"kind":"complex","value":"2j"})");
  CHECK(constant("True") == R"({"kind":"bool","value":true})");
  CHECK(constant("None") == R"({"kind":"None","value":null})");
  CHECK(constant("...") == R"({"kind":"Ellipsis","value":null})");
  CHECK(constant("b'\\xff0'") == R"({"kind":"bytes","value":"ff30"})");
  CHECK(constant("'\\ud800'") == "{\"kind\":\"str\",\"value\":\"\xEF\xBF\xBD\",\"surrogates\":true}");
  CHECK(constant("0x" + std::string(5000, 'f')).size() > 5000);
}

TEST_CASE("a dotted name is a chain of loads only", "[facts]") {
  const auto dotted = [](const std::string& text) { return first_value(facts_of(text + "\n")).dotted(); };
  CHECK(dotted("a.b.c") == "a.b.c");
  CHECK(dotted("a") == "a");
  CHECK(dotted("f().b").empty());
  CHECK(dotted("a[0].b").empty());
  CHECK(facts_of("a.b = 1\n").module().list("body").at(0).list("targets").at(0).dotted().empty());
}

TEST_CASE("the text decides what Python sees, a coding cookie is a finding", "[facts]") {
  // Under this cookie Python would read the escape as a line end and run what follows.
  const std::string source = "# coding: raw_unicode_escape\nx = 1  # \\u000aimport os\n";
  const Facts facts = facts_of(source);
  CHECK(facts.module().list("body").size() == 1);
  const Finding cookie = only_finding(source);
  CHECK(cookie.rule == "file-coding-cookie");
  CHECK(cookie.where.line == 1);
  CHECK(cookie.message.find("raw_unicode_escape") != std::string::npos);
  CHECK(only_finding("\n  # -*- coding: latin-1 -*-\n").where.line == 2);
  for (const char* good : {"# coding: utf-8\n", "# vim: set fileencoding=UTF_8 :\n", "x = 1\n# coding: latin-1\n", "\n\n# coding: latin-1\n",
                           "'# coding: latin-1'\n", "\xEF\xBB\xBFx = 1\n"}) {
    INFO(good);
    CHECK(facts_findings(facts_of(good)).empty());
  }
}

TEST_CASE("a file without a tree says why and where", "[facts]") {
  const Finding open = only_finding("x = 1\nif x:\n    y = (1,\n");
  CHECK(open.rule == "syntax-error");
  CHECK(open.where.line == 3);
  CHECK(open.where.column == 9);
  CHECK(open.message.find("'(' was never closed") != std::string::npos);
  CHECK(only_finding("ä = ü ü\n").where.column == 9);  // bytes, not characters
  CHECK(only_finding("return 1\n").message.find("outside function") != std::string::npos);
  CHECK(only_finding(std::string("x = 1\n\0y", 8)).where.line == 2);
  CHECK(only_finding("x = '\xff'\n").rule == "file-not-utf8");
  CHECK(only_finding("x = " + std::string(5000, '9') + "\n").rule == "syntax-error");

  CHECK(only_finding("x = " + std::string(3000, '-') + "1\n").rule == "syntax-too-deep");
  std::string sum = "x = 1";
  for (int i = 0; i < 250; ++i) sum += " + 1";
  CHECK(only_finding(sum + "\n").rule == "syntax-too-deep");
  CHECK(only_finding(sum + "\n").where.line == 1);
  CHECK(facts_findings(facts_of(sum.substr(0, 5 + 4 * 90) + "\n")).empty());
  CHECK_FALSE(facts_of("x = (\n").module().is("Module"));
}

TEST_CASE("Python's warnings about a file are no output", "[facts]") {
  CHECK(facts_findings(facts_of("x = '\\d'\ny = 1 is 1\n")).empty());
}

TEST_CASE("an answer that is no tree is the worker's fault", "[facts]") {
  CHECK_THROWS_AS(parse_facts("a.py", "{"), Error);
  CHECK_THROWS_AS(parse_facts("a.py", "[]"), Error);
  CHECK_THROWS_AS(parse_facts("a.py", R"({"_": "Expression"})"), Error);
  CHECK_THROWS_AS(parse_facts("a.py", R"({"_": "Module", "body": [{"at": [1, 1, 1, 2]}]})"), Error);
  CHECK_THROWS_AS(parse_facts("a.py", R"({"_": "Module", "body": [{"_": "Pass", "at": [1, 1, 1]}]})"), Error);
  CHECK_THROWS_AS(parse_facts("a.py", R"({"problem": {"kind": 3}})"), Error);
  CHECK_NOTHROW(parse_facts("a.py", R"({"_": "Module"})"));
  CHECK_NOTHROW(parse_facts("a.py", R"({"_": "Module", "body": [{"_": "Pass", "at": [1, 1, 1, 5]}]})"));
}
