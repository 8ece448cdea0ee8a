using System.Text;
using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>A fake mesh with istiod's ConfigMaps, a gateway, a WorkloadGroup and tokens that are JWTs.</summary>
internal sealed class SidecarMesh : IDisposable
{
    public const string Vms = """
        $vms = @{ Name = 'vm1'; Address = '10.0.0.1'; Version = 'v1' },
            @{ Name = 'vm2'; Address = '10.0.0.2'; Version = 'v2'; SshPort = 2222; Labels = @{ zone = 'b' } };
        """;

    private int _issued;

    public SidecarMesh()
    {
        foreach (FakeKubernetesApi api in new[] { Mesh.DataPlane, Mesh.ControlPlane })
        {
            api.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        }

        ConfigMap(Mesh.ControlPlane, "istio-system", "istio", "mesh", "trustDomain: cluster.local\ndefaultConfig:\n  meshId: mesh1\n");
        ConfigMap(
            Mesh.ControlPlane, "istio-system", "istio-sidecar-injector", "values",
            """{"global":{"multiCluster":{"clusterName":"lab-cluster"}}}""");
        ConfigMap(Mesh.DataPlane, "hello", "istio-ca-root-cert", "root-cert.pem", "fake root\n");
        Gateway("""{ "status": { "loadBalancer": { "ingress": [{ "ip": "10.9.9.9" }] } } }""");
        Mesh.ControlPlane.Seed(KubernetesKind.WorkloadGroup, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"WorkloadGroup","metadata":{"name":"group1","namespace":"hello"},
             "spec":{"metadata":{"labels":{"app":"shop"}},
                     "template":{"ports":{"web":8080,"api":7070},"serviceAccount":"shop-sa","network":"net1"}}}
            """);
        Mesh.DataPlane.OnCreateToken = Issue;
        Mesh.Host.With("dir", Folder.ToString());
    }

    public FakeMesh Mesh { get; } = new();

    public BootstrapFolder Folder { get; } = new();

    /// <summary>How long the API server lets a token last at most.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromDays(1);

    public int Tokens => Mesh.DataPlane.Calls.Count(call => call.Kind == "TokenRequest");

    public ScriptRun Run(string script) => Mesh.Run($"{Vms} {script}");

    /// <summary>Runs a script that must succeed.</summary>
    public IReadOnlyList<VmSidecarConfig> Configs(string script)
    {
        ScriptRun run = Run(script);
        Assert.Empty(run.Errors);
        return run.OutputAs<VmSidecarConfig>();
    }

    public static void ConfigMap(FakeKubernetesApi api, string ns, string name, string key, string text) =>
        api.Seed(KubernetesKind.ConfigMap, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
            ["data"] = new JsonObject { [key] = text },
        }.ToJsonString());

    /// <summary>Replaces the gateway's Service.</summary>
    public void Gateway(string fields, string name = "istio-eastwestgateway", string ns = "istio-system")
    {
        JsonObject service = JsonNode.Parse(fields)!.AsObject();
        service["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns };
        Mesh.DataPlane.DeleteAsync(KubernetesKind.Service, ns, name, null, dryRun: false, CancellationToken.None)
            .GetAwaiter().GetResult();
        Mesh.DataPlane.Seed(KubernetesKind.Service, service.ToJsonString());
    }

    public void Dispose()
    {
        Mesh.Dispose();
        Folder.Dispose();
    }

    private ServiceAccountToken Issue(string ns, string account, string audience, TimeSpan duration)
    {
        DateTimeOffset now = Mesh.Runtime.Clock.GetUtcNow();
        DateTimeOffset end = now + (duration < Longest ? duration : Longest);
        JsonObject claims = new()
        {
            ["aud"] = new JsonArray(audience),
            ["sub"] = $"system:serviceaccount:{ns}:{account}",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = end.ToUnixTimeSeconds(),
            ["jti"] = Interlocked.Increment(ref _issued),
        };
        string payload = Convert.ToBase64String(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        return new($"e30.{payload.TrimEnd('=').Replace('+', '-').Replace('/', '_')}.c2ln", end);
    }
}
