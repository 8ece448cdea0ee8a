using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

public sealed class ObjectDifferenceTests
{
    [Fact]
    public void Between_ChangedScalar_NamesPathOldAndNew()
    {
        IReadOnlyList<string> changes = ObjectDifference.Between(
            Parse("""{"spec":{"replicas":1}}"""), Parse("""{"spec":{"replicas":2}}"""));

        Assert.Equal(["spec.replicas: 1 -> 2"], changes);
    }

    [Fact]
    public void Between_WhatOnlyTheServerWrites_IsNoChange()
    {
        IReadOnlyList<string> changes = ObjectDifference.Between(
            Parse("""{"metadata":{"name":"a","resourceVersion":"1","managedFields":[]},"status":{"x":1}}"""),
            Parse("""{"metadata":{"name":"a","resourceVersion":"2","generation":3},"status":{"x":2}}"""));

        Assert.Empty(changes);
    }

    [Fact]
    public void Between_NamedItem_IsFoundByItsName()
    {
        IReadOnlyList<string> changes = ObjectDifference.Between(
            Parse("""{"spec":{"containers":[{"name":"a","image":"x"},{"name":"b","image":"y"}]}}"""),
            Parse("""{"spec":{"containers":[{"name":"b","image":"z"}]}}"""));

        Assert.Equal(
            ["""spec.containers[name=a]: {"name":"a","image":"x"} -> (none)""", """spec.containers[name=b].image: "y" -> "z" """.Trim()],
            changes);
    }

    [Fact]
    public void Between_ReorderedNamedItems_IsAChange()
    {
        IReadOnlyList<string> changes = ObjectDifference.Between(
            Parse("""{"spec":{"http":[{"name":"a"},{"name":"b"}]}}"""),
            Parse("""{"spec":{"http":[{"name":"b"},{"name":"a"}]}}"""));

        Assert.Equal("""spec.http: [{"name":"a"},{"name":"b"}] -> [{"name":"b"},{"name":"a"}]""", Assert.Single(changes));
    }

    [Fact]
    public void Between_LabelWithDomain_IsQuotedInThePath()
    {
        IReadOnlyList<string> changes = ObjectDifference.Between(
            Parse("""{"metadata":{"labels":{}}}"""), Parse("""{"metadata":{"labels":{"app.kubernetes.io/name":"x"}}}"""));

        Assert.Equal("""metadata.labels['app.kubernetes.io/name']: (none) -> "x" """.Trim(), Assert.Single(changes));
    }

    [Fact]
    public void Between_Secret_HidesItsValues()
    {
        IReadOnlyList<string> changes = ObjectDifference.Between(
            Parse("""{"kind":"Secret","data":{"password":"b2xk"}}"""),
            Parse("""{"kind":"Secret","data":{"password":"bmV3"}}"""));

        Assert.Equal("data.password: (hidden) -> (hidden)", Assert.Single(changes));
    }

    [Fact]
    public void Of_NewObject_ListsItsValuesWithoutIdentity()
    {
        IReadOnlyList<string> values = ObjectDifference.Of(Parse(
            """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a","namespace":"n","labels":{"app":"a"}},"spec":{"ports":[{"name":"http","port":80}]}}"""));

        Assert.Equal(
            ["metadata.labels.app: \"a\"", "spec.ports[name=http].name: \"http\"", "spec.ports[name=http].port: 80"], values);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
