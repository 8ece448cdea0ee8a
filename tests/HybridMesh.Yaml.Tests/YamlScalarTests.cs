using System.Text.Json.Nodes;

namespace HybridMesh.Yaml.Tests;

/// <summary>
/// What kubectl makes of scalars, as <c>kubectl annotate --local -o json</c> shows it. Only integers beyond 64 bits
/// differ: they keep their digits here.
/// </summary>
public sealed class YamlScalarTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("On", "true")]
    [InlineData("y", "true")]
    [InlineData("no", "false")]
    [InlineData("OFF", "false")]
    [InlineData("~", "null")]
    [InlineData("null", "null")]
    [InlineData("\"yes\"", "\"yes\"")]
    [InlineData("'8080'", "\"8080\"")]
    [InlineData("8080", "8080")]
    [InlineData("-1", "-1")]
    [InlineData("+1", "1")]
    [InlineData("0644", "420")]
    [InlineData("0o17", "15")]
    [InlineData("089", "89")]
    [InlineData("0x1F", "31")]
    [InlineData("0b101", "5")]
    [InlineData("1_000", "1000")]
    [InlineData("-0x1F", "-31")]
    [InlineData("0b2", "\"0b2\"")]
    [InlineData("0_1", "1")]
    [InlineData(".5", "0.5")]
    [InlineData("5.", "5")]
    [InlineData("1e400", "\"1e400\"")]
    [InlineData("18446744073709551616", "18446744073709551616")]
    [InlineData("1.0", "1")]
    [InlineData("1e3", "1000")]
    [InlineData("1.10", "1.1")]
    [InlineData("1.2.3", "\"1.2.3\"")]
    [InlineData("2001-12-14", "\"2001-12-14\"")]
    [InlineData("12:30:45", "\"12:30:45\"")]
    [InlineData("500m", "\"500m\"")]
    [InlineData("-", "\"-\"", "'-'")]
    [InlineData("!!str 1", "\"1\"")]
    [InlineData("!!int \"1\"", "1")]
    [InlineData("|-\n  8080", "\"8080\"")]
    public void Read_Scalar_IsWhatKubectlMakesOfIt(string yaml, string json, string? spelled = null)
    {
        JsonNode? value = YamlReader.Read($"a: {spelled ?? yaml}\nb: 1")[0].Root!["a"];

        Assert.Equal(json, value?.ToJsonString() ?? "null");
    }

    [Theory]
    [InlineData(".inf")]
    [InlineData(".nan")]
    [InlineData("!!binary aGk=")]
    public void Read_WhatJsonCannotHold_IsAnErrorWithItsLine(string yaml)
    {
        YamlFormatException e = Assert.Throws<YamlFormatException>(() => YamlReader.Read($"a: 1\nb: {yaml}"));

        Assert.Equal(2, e.Line);
    }
}
