using HybridMesh.Core;
using HybridMesh.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>The scenario with a sidecar on each of its three VMs, all of one mind, in memory.</summary>
internal sealed class SidecarWorld : IDisposable
{
    public const string Gateway = "172.20.0.9";

    /// <summary>Has each VM ask its app, whose greeting tells the version.</summary>
    public const string Ask = "-AppUri { \"http://$($_.Address):8001/hello/x\" } "
        + "-VersionPattern @{ v1 = '^Hello'; v2 = '^Bonjour'; v3 = '^Hola' }";

    // The certificate is made of it, so that it stands before that.
    public static DateTimeOffset Now { get; } = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly string RootCert = FakeSidecar.MakeCertificate(Now.AddYears(9));

    public SidecarWorld()
    {
        Mesh.Runtime.Clock = new FakeTimeProvider(Now);
        FakeScenario.Seed(Mesh.DataPlane, Mesh.ControlPlane);
        foreach (FakeKubernetesApi plane in new[] { Mesh.DataPlane, Mesh.ControlPlane })
        {
            plane.Seed(KubernetesKind.Namespace, """{"metadata":{"name":"hello"}}""");
        }

        Mesh.DataPlane.Seed(KubernetesKind.Service, $$$"""
            {"metadata":{"name":"istio-eastwestgateway","namespace":"istio-system"},
             "status":{"loadBalancer":{"ingress":[{"ip":"{{{Gateway}}}"}]} } }
            """);
        Mesh.DataPlane.Seed(KubernetesKind.ConfigMap, $$$"""
            {"metadata":{"name":"istio-ca-root-cert","namespace":"hello"},
             "data":{"root-cert.pem":{{{System.Text.Json.JsonSerializer.Serialize(RootCert)}}} } }
            """);
        if (!Mesh.ControlPlane.Kinds.Contains(KubernetesKind.WorkloadGroup))
        {
            Mesh.ControlPlane.Kinds.Add(KubernetesKind.WorkloadGroup);
        }

        for (int i = 1; i <= 3; i++)
        {
            Sidecars[$"vm{i}"] = new FakeSidecar
            {
                Env = Env(i),
                Token = FakeSidecar.MakeToken(Now.AddHours(1)),
                RootCert = RootCert,
                CertChain = FakeSidecar.MakeCertificate(Now.AddHours(23), "workload"),
                App = $"{FakeScenario.Greeting(i)} x",
                Hosts = $"127.0.0.1 localhost\n{Own($"{Gateway} istiod.istio-system.svc")}",
            };
        }

        Mesh.Vms.OnRun = (command, _) => Task.FromResult(Sidecars[command.Vm.Name].Answer(command.StandardInput!));
    }

    public FakeMesh Mesh { get; } = new();

    public Dictionary<string, FakeSidecar> Sidecars { get; } = [];

    /// <summary>The VMs as a script's variable.</summary>
    public static string Vms => "$vms = " + string.Join(", ", Enumerable.Range(1, 3)
        .Select(i => $"@{{ Name = 'vm{i}'; Address = '{FakeScenario.Vm(i)}'; Version = 'v{i}' }}")) + "; ";

    /// <summary>What a VM's cluster.env says when all is well.</summary>
    public static string Env(int i, params (string Name, string Value)[] more)
    {
        Dictionary<string, string> values = new()
        {
            ["CANONICAL_REVISION"] = $"v{i}",
            ["ISTIO_METAJSON_LABELS"] = $$"""{"app":"hello-workload","version":"v{{i}}","service.istio.io/canonical-name":"hello2-svc"}""",
            ["ISTIO_META_NETWORK"] = "",
            ["ISTIO_NAMESPACE"] = "hello",
            ["SERVICE_ACCOUNT"] = "default",
        };
        foreach ((string name, string value) in more)
        {
            values[name] = value;
        }

        return FakeSidecar.MakeEnv([.. values.Select(pair => (pair.Key, pair.Value))]);
    }

    /// <summary>Records in our block of a hosts file.</summary>
    public static string Own(params string[] lines) =>
        string.Join(
        '\n', ["# BEGIN HybridMesh (managed block, do not edit)", .. lines, "# END HybridMesh (managed block, do not edit)", ""]);

    /// <summary>Adds a WorkloadEntry.</summary>
    public void AddEntry(string name, string address, string more = "", string annotations = "", string labels = "\"app\":\"hello-workload\"") =>
        Mesh.ControlPlane.Seed(KubernetesKind.WorkloadEntry, $$$"""
            {"apiVersion":"networking.istio.io/v1beta1","kind":"WorkloadEntry",
             "metadata":{"name":"{{{name}}}","namespace":"hello","annotations":{ {{{annotations}}} } },
             "spec":{"address":"{{{address}}}","labels":{ {{{labels}}} } {{{more}}} }}
            """);

    /// <summary>Changes the WorkloadEntry of a VM by a merge patch.</summary>
    public void PatchEntry(int i, string patch) => Mesh.ControlPlane.MergePatchAsync(
        KubernetesKind.WorkloadEntry, "hello", $"mesh-expansion-hello2-svc-{i}",
        (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(patch)!, "kubectl", dryRun: false,
        CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose() => Mesh.Dispose();
}
