using System.Text.Json.Nodes;

namespace HybridMesh.Core.Tests;

public sealed class OwnerMarkTests
{
    private static readonly JsonObject Manifest = Parse("""
        { "apiVersion": "v1", "kind": "Service",
          "metadata": { "name": "s", "namespace": "n", "labels": { "app": "a" } },
          "spec": { "ports": [{ "name": "http-1", "port": 1, "protocol": "TCP" }] } }
        """);

    [Theory]
    [InlineData("hybridmesh", true)]
    [InlineData("hybridmesh-version", false)]
    [InlineData("kubectl", false)]
    public void IsOurs_ByTheExactManager(string manager, bool ours) =>
        Assert.Equal(ours, OwnerMark.IsOurs(Live(manager, "Apply")));

    [Fact]
    public void IsAsApplied_ValuesAndFieldsTheSame() =>
        Assert.True(OwnerMark.IsAsApplied(Live("hybridmesh", "Apply"), Manifest));

    [Theory]
    [InlineData("kubectl", "Apply", null, null)]
    [InlineData("hybridmesh", "Update", null, null)]
    [InlineData("hybridmesh", "Apply", "app", "changed")]
    public void IsAsApplied_NotOurApplyOrAnotherValue_IsNo(string manager, string operation, string? label, string? value)
    {
        JsonObject live = Live(manager, operation);
        if (label is not null)
        {
            live["metadata"]!["labels"]![label] = value;
        }

        Assert.False(OwnerMark.IsAsApplied(live, Manifest));
    }

    [Fact]
    public void IsAsApplied_AFieldAppliedBeforeAndNotWantedAnyMore_IsNo()
    {
        JsonObject live = Live("hybridmesh", "Apply");
        live["metadata"]!["annotations"] = Parse("""{ "x": "y" }""");
        live["metadata"]!["managedFields"]![0]!["fieldsV1"]!["f:metadata"]!["f:annotations"] = Parse("""{ "f:x": {} }""");

        Assert.False(OwnerMark.IsAsApplied(live, Manifest));
    }

    [Fact]
    public void IsAsApplied_FieldsOfOthersAndServerDefaults_DoNotMatter()
    {
        JsonObject live = Live("hybridmesh", "Apply");
        live["spec"]!["clusterIP"] = "10.0.0.1";
        live["metadata"]!["labels"]!["by"] = "kubectl";

        Assert.True(OwnerMark.IsAsApplied(live, Manifest));
    }

    private static JsonObject Live(string manager, string operation) => Parse($$"""
        { "apiVersion": "v1", "kind": "Service",
          "metadata": { "name": "s", "namespace": "n", "uid": "u", "labels": { "app": "a" }, "managedFields": [
            { "manager": "{{manager}}", "operation": "{{operation}}", "fieldsV1": {
                "f:metadata": { "f:labels": { ".": {}, "f:app": {} } },
                "f:spec": { "f:ports": { "k:{\"port\":1,\"protocol\":\"TCP\"}": { ".": {}, "f:port": {} } } } } }] },
          "spec": { "type": "ClusterIP", "ports": [{ "name": "http-1", "port": 1, "protocol": "TCP", "targetPort": 1 }] } }
        """);

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
