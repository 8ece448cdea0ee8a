using HybridMesh.Core;

namespace HybridMesh.Kubernetes.Tests;

[Collection(ClusterTests.Name)]
public sealed class AuthenticationTests(ClusterFixture cluster)
{
    [Fact]
    public async Task WrongToken_IsUnauthorized()
    {
        MeshException e = await FailAsync("insecure-skip-tls-verify: true");

        Assert.Equal(MeshErrorCode.Unauthorized, e.Code);
        Assert.DoesNotContain("wrong-token", e.Message);
    }

    [Fact]
    public async Task UntrustedAuthority_IsUnreachableAndSaysWhy()
    {
        MeshException e = await FailAsync($"certificate-authority-data: {OtherAuthority()}");

        Assert.Equal(MeshErrorCode.ApiUnreachable, e.Code);
        Assert.Contains("certificate", e.Message);
    }

    private async Task<MeshException> FailAsync(string trust)
    {
        string text = $$"""
            apiVersion: v1
            kind: Config
            current-context: x
            clusters: [{ name: c, cluster: { server: "{{cluster.Data.Server}}", {{trust}} } }]
            users: [{ name: u, user: { token: wrong-token } }]
            contexts: [{ name: x, context: { cluster: c, user: u } }]
            """;
        await using IKubernetesApi api = await new KubernetesApiFactory(TimeProvider.System)
            .OpenTextAsync(text, null, ClusterFixture.Limit());
        return await Assert.ThrowsAsync<MeshException>(
            () => api.FindAsync(KubernetesKind.Namespace, null, "default", ClusterFixture.Limit()));
    }

    private static string OtherAuthority()
    {
        using System.Security.Cryptography.ECDsa key = System.Security.Cryptography.ECDsa.Create();
        System.Security.Cryptography.X509Certificates.CertificateRequest request = new(
            "CN=someone else", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using System.Security.Cryptography.X509Certificates.X509Certificate2 certificate =
            request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));
    }
}
