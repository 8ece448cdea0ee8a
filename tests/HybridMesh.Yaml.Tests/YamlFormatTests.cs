using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Yaml.Tests;

public sealed class YamlFormatTests
{
    private readonly YamlFormat _yaml = new();

    [Fact]
    public void Write_KeysOfAllSorts_AreInNaturalOrder()
    {
        JsonObject map = new(new[]
        {
            "ISTIO_METAJSON_LABELS", "ISTIO_META_A", "b10", "b9", "b09", "b", "a-1", "a1", "A", "1", "b100", "b12", "_x",
        }.Select(key => KeyValuePair.Create(key, (JsonNode?)0)));

        Assert.Equal(
            ["_x", "\"1\"", "A", "ISTIO_META_A", "ISTIO_METAJSON_LABELS", "a-1", "a1", "b", "b9", "b09", "b10", "b12", "b100"],
            _yaml.Write(map).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.IndexOf(':')]));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("istiod.istio-system.svc:15012", "istiod.istio-system.svc:15012")]
    [InlineData("", "\"\"")]
    [InlineData("true", "\"true\"")]
    [InlineData("y", "\"y\"")]
    [InlineData("Off", "\"Off\"")]
    [InlineData("null", "\"null\"")]
    [InlineData("~", "\"~\"")]
    [InlineData("1", "\"1\"")]
    [InlineData("0x1F", "\"0x1F\"")]
    [InlineData("1.10", "\"1.10\"")]
    [InlineData("1e3", "\"1e3\"")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("2026-01-02", "\"2026-01-02\"")]
    [InlineData("<<", "<<")]
    [InlineData("\U0001F600", "\"\\U0001F600\"")]
    [InlineData("1.2.3", "1.2.3")]
    [InlineData("v1", "v1")]
    [InlineData("{\"a\":\"b\"}", "'{\"a\":\"b\"}'")]
    [InlineData("*", "'*'")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a:", "'a:'")]
    [InlineData("a #b", "'a #b'")]
    [InlineData("a#b", "a#b")]
    [InlineData("- a", "'- a'")]
    [InlineData("-a", "-a")]
    [InlineData(" a", "' a'")]
    [InlineData("it's", "it's")]
    [InlineData("'a'", "'''a'''")]
    [InlineData("a\tb", "\"a\\tb\"")]
    [InlineData("a\u0085b", "\"a\\Nb\"")]
    [InlineData("---", "'---'")]
    [InlineData("äö", "äö")]
    public void Write_Text_IsQuotedOnlyWhereItWouldBeReadOtherwise(string text, string expected)
    {
        string yaml = _yaml.Write(new JsonObject { ["k"] = text });

        Assert.Equal($"k: {expected}\n", yaml);
        Assert.Equal(text, (string?)_yaml.Read(yaml, "x")!["k"]);
    }

    [Theory]
    [InlineData("a\nb", "k: |-\n  a\n  b\n")]
    [InlineData("a\nb\n", "k: |\n  a\n  b\n")]
    [InlineData("a\n\nb\n\n", "k: |+\n  a\n\n  b\n\n")]
    [InlineData("  a\nb", "k: |2-\n    a\n  b\n")]
    [InlineData("a \nb", "k: \"a \\nb\"\n")]
    [InlineData("a\n b", "k: |-\n  a\n   b\n")]
    public void Write_Lines_AreALiteralBlock(string text, string expected)
    {
        string yaml = _yaml.Write(new JsonObject { ["k"] = text });

        Assert.Equal(expected, yaml);
        Assert.Equal(text, (string?)_yaml.Read(yaml, "x")!["k"]);
    }

    [Fact]
    public void Write_ListsMapsAndEmptyOnes_AsKubernetesToolsDo()
    {
        JsonNode value = JsonNode.Parse("""
            { "z": [1, "a", { "y": [true, null], "x": {} }, [2, 3], []], "e": {}, "l": [], "d": 0.1, "n": null, "f": false }
            """)!;

        Assert.Equal("""
            d: 0.1
            e: {}
            f: false
            l: []
            "n": null
            z:
            - 1
            - a
            - x: {}
              "y":
              - true
              - null
            - - 2
              - 3
            - []

            """, _yaml.Write(value));
    }

    [Fact]
    public void Write_LongText_IsFoldedAfterColumn80()
    {
        string text = string.Join(' ', Enumerable.Repeat("twelve-chars", 9));

        string yaml = _yaml.Write(new JsonObject { ["m"] = new JsonObject { ["key"] = text } });

        Assert.Equal(
            "m:\n  key: twelve-chars twelve-chars twelve-chars twelve-chars twelve-chars twelve-chars\n"
            + "    twelve-chars twelve-chars twelve-chars\n",
            yaml);
        Assert.Equal(text, (string?)_yaml.Read(yaml, "x")!["m"]!["key"]);
    }

    [Fact]
    public void Read_Damaged_NamesSourceAndLine()
    {
        MeshException e = Assert.Throws<MeshException>(() => _yaml.Read("a: 1\nb: [", "Key mesh of ConfigMap x/y"));

        Assert.Equal(MeshErrorCode.ManifestInvalid, e.Code);
        Assert.StartsWith("Key mesh of ConfigMap x/y, line ", e.Message);
    }

    [Fact]
    public void Read_Nothing_IsNull() => Assert.Null(_yaml.Read("# only a comment\n", "x"));
}
