using System.Text.Json.Nodes;
using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

[Collection(ClusterTests.Name)]
public sealed class TokenTests(ClusterFixture cluster)
{
    private readonly CancellationToken _limit = ClusterFixture.Limit();

    [Fact]
    public async Task CreateToken_OfAnAccount_IsAJwtForItAndTheAudience()
    {
        string name = await MakeAccountAsync();

        ServiceAccountToken token = await cluster.Data.CreateTokenAsync(
            cluster.Namespace, name, "istio-ca", TimeSpan.FromMinutes(20), _limit);

        TokenFacts facts = TokenFacts.Read(token.Token)!;
        Assert.Equal(["istio-ca"], facts.Audiences);
        Assert.Equal($"system:serviceaccount:{cluster.Namespace}:{name}", facts.Subject);
        Assert.Equal(TimeSpan.FromMinutes(20), facts.Duration);
        Assert.Equal(facts.Expires!.Value.ToUnixTimeSeconds(), token.Expires.ToUnixTimeSeconds(), 2d);
        Assert.DoesNotContain(token.Token, token.ToString());
    }

    [Fact]
    public async Task CreateToken_NoSuchAccount_IsNotFound()
    {
        MeshException e = await Assert.ThrowsAsync<MeshException>(() => cluster.Data.CreateTokenAsync(
            cluster.Namespace, "nobody-at-all", "istio-ca", TimeSpan.FromHours(1), _limit));

        Assert.Equal(MeshErrorCode.ObjectNotFound, e.Code);
        Assert.Contains("nobody-at-all", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateToken_TooShort_IsInvalidAndSaysWhy()
    {
        string name = await MakeAccountAsync();

        MeshException e = await Assert.ThrowsAsync<MeshException>(() => cluster.Data.CreateTokenAsync(
            cluster.Namespace, name, "istio-ca", TimeSpan.FromMinutes(1), _limit));

        Assert.Equal(MeshErrorCode.ObjectInvalid, e.Code);
        Assert.Contains("10 minutes", e.Message, StringComparison.Ordinal);
    }

    private async Task<string> MakeAccountAsync()
    {
        string name = cluster.NewName(MeshPlane.Data, KubernetesKind.ServiceAccount);
        await cluster.Data.ApplyAsync(
            KubernetesKind.ServiceAccount,
            JsonNode.Parse($$"""
                {"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"{{name}}","namespace":"{{cluster.Namespace}}"} }
                """)!.AsObject(),
            new ApplyOptions("a"),
            _limit);
        return name;
    }
}
