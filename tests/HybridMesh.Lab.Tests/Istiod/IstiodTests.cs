using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using HybridMesh.Testing;

namespace HybridMesh.Lab.Tests;

/// <summary>What istiod shows of itself: its ConfigMaps, and the gateway by which VMs reach it.</summary>
public sealed class IstiodTests(IstiodTests.PlanesOnly fixture) : IClassFixture<IstiodTests.PlanesOnly>, IAsyncLifetime
{
    private readonly LabFixture _lab = fixture.Lab;

    public Task InitializeAsync() => _lab.AdminAsync("faults/eastwest/ip");

    public Task DisposeAsync() => Task.CompletedTask;

    [KubectlFact]
    public async Task ControlPlane_HoldsTheMeshAndTheInjectorsValues()
    {
        string mesh = (await _lab.KubectlAsync(
            ["get", "cm", "istio", "-n", "istio-system", "-o", "jsonpath={.data.mesh}"], mesh: true)).Text;
        string values = (await _lab.KubectlAsync(
            ["get", "cm", "istio-sidecar-injector", "-n", "istio-system", "-o", "jsonpath={.data.values}"],
            mesh: true)).Text;

        Assert.Contains("  discoveryAddress: istiod.istio-system.svc:15012", mesh, StringComparison.Ordinal);
        Assert.Contains($"  meshId: {_lab.Facts.MeshId}", mesh, StringComparison.Ordinal);
        Assert.Contains("trustDomain: cluster.local", mesh, StringComparison.Ordinal);
        JsonNode global = JsonNode.Parse(values)!["global"]!;
        Assert.Equal("Kubernetes", (string?)global["multiCluster"]!["clusterName"]);
        Assert.Equal("", (string?)global["network"]);
    }

    [KubectlFact]
    public async Task RootCertificate_IsInEveryNamespaceAndComesBack()
    {
        _ = (await _lab.KubectlAsync(["create", "ns", "later"])).Text;
        string first = await RootAsync("default");

        Assert.StartsWith("-----BEGIN CERTIFICATE-----", first, StringComparison.Ordinal);
        Assert.Equal(first, await RootAsync("later"));
        _ = (await _lab.KubectlAsync(["delete", "cm", "istio-ca-root-cert", "-n", "later"])).Text;
        _ = (await _lab.KubectlAsync(["delete", "sa", "default", "-n", "later"])).Text;
        await LabFixture.WaitForAsync(async () => await RootAsync("later") == first);
        await LabFixture.WaitForAsync(async () =>
            (await _lab.KubectlAsync(["get", "sa", "default", "-n", "later"])).ExitCode == 0);

        _ = (await _lab.KubectlAsync(["delete", "ns", "later"])).Text;
        Assert.Equal("", (await _lab.KubectlAsync(["get", "cm,sa", "-n", "later", "-o", "name"])).Text);
    }

    [KubectlFact]
    public async Task CreateToken_ByKubectl_GivesAToken()
    {
        string token = (await _lab.KubectlAsync(
            ["create", "token", "default", "--audience", "istio-ca", "--duration", "20m"])).Text;

        Assert.Equal(3, token.Split('.').Length);
        Assert.NotEqual(0, (await _lab.KubectlAsync(["create", "token", "nobody"])).ExitCode);
    }

    [KubectlFact]
    public async Task EastWestGateway_AnswersWithIstiodsCertificate()
    {
        string address = await IngressAsync("{.status.loadBalancer.ingress[0].ip}");
        Assert.Equal(_lab.Facts.EastWestAddress, address);

        await ShakeHandsAsync(address, await RootAsync("default"));

        // The mesh's authority is not the API servers'.
        JsonNode config = JsonNode.Parse((await _lab.KubectlAsync(
            ["config", "view", "--raw", "-o", "json"])).Text)!;
        string other = System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(
            (string)config["clusters"]![0]!["cluster"]!["certificate-authority-data"]!));
        await Assert.ThrowsAsync<AuthenticationException>(() => ShakeHandsAsync(address, other));
    }

    [KubectlFact]
    public async Task EastWestFaults_GiveANameOrNothing()
    {
        await _lab.AdminAsync("faults/eastwest/hostname/gateway.invalid");
        Assert.Equal("""[{"hostname":"gateway.invalid"}]""", await IngressAsync("{.status.loadBalancer.ingress}"));

        await _lab.AdminAsync("faults/eastwest/hostname/localhost");
        Assert.Equal("""[{"hostname":"localhost"}]""", await IngressAsync("{.status.loadBalancer.ingress}"));

        await _lab.AdminAsync("faults/eastwest/none");
        Assert.Equal("{}", await IngressAsync("{.status.loadBalancer}"));

        await _lab.AdminAsync("faults/eastwest/ip");
        Assert.Equal(
            $$"""[{"ip":"{{_lab.Facts.EastWestAddress}}"}]""", await IngressAsync("{.status.loadBalancer.ingress}"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _lab.AdminAsync("faults/eastwest/nonsense"));
    }

    private async Task<string> RootAsync(string ns) => (await _lab.KubectlAsync(
        ["get", "cm", "istio-ca-root-cert", "-n", ns, "-o", @"jsonpath={.data.root-cert\.pem}"])).Text;

    private async Task<string> IngressAsync(string path) => (await _lab.KubectlAsync(
        ["get", "svc", "istio-eastwestgateway", "-n", "istio-system", "-o", "jsonpath=" + path])).Text;

    private static async Task ShakeHandsAsync(string address, string root)
    {
        X509ChainPolicy policy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(root));
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Parse(address), 15012);
        await using SslStream stream = new(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "istiod.istio-system.svc",
            CertificateChainPolicy = policy,
        });
    }

    /// <summary>A lab without VMs.</summary>
    public sealed class PlanesOnly : IAsyncLifetime
    {
        public LabFixture Lab { get; private set; } = null!;

        public async Task InitializeAsync() => Lab = await LabFixture.StartAsync(0);

        public async Task DisposeAsync() => await Lab.DisposeAsync();
    }
}
