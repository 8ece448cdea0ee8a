using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>
/// The objects of the whole scenario in two fake API servers: hello1 and hello3 in pods, hello2 on three VMs, the
/// split 30:60:10 of its route for /hello and 90:5:5 of the one for /bye.
/// </summary>
public static class FakeScenario
{
    /// <summary>The namespace.</summary>
    public const string Namespace = "hello";

    /// <summary>hello1's pod.</summary>
    public const string Hello1Pod = "172.18.0.230";

    /// <summary>hello3's pod.</summary>
    public const string Hello3Pod = "172.18.1.36";

    /// <summary>hello3's ClusterIP.</summary>
    public const string Hello3ClusterIP = "172.19.0.3";

    /// <summary>The address of the VM of a version, 1 to 3.</summary>
    public static string Vm(int version) => $"192.168.0.{169 + version}";

    /// <summary>The answer of the whole chain by the VM of a version.</summary>
    public static string Chain(int version) =>
        $"Hello eric({Hello1Pod})<-{Greeting(version)} eric({Vm(version)})<-Hello eric({Hello3Pod})";

    /// <summary>The greeting of a version.</summary>
    public static string Greeting(int version) => version switch { 1 => "Hello", 2 => "Bonjour", _ => "Hola" };

    /// <summary>Puts all of it there.</summary>
    /// <param name="data">The data plane.</param>
    /// <param name="control">The control plane.</param>
    /// <param name="withVersions">Whether the WorkloadEntries carry their version label.</param>
    public static void Seed(FakeKubernetesApi data, FakeKubernetesApi control, bool withVersions = true)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(control);
        SeedPods(data);
        SeedVms(control, withVersions);
        SeedRoutes(control);
    }

    private static void SeedPods(FakeKubernetesApi data)
    {
        foreach ((string app, string ip) in new[] { ("hello1", Hello1Pod), ("hello3", Hello3Pod) })
        {
            data.Seed(KubernetesKind.Pod, $$"""
                {"apiVersion":"v1","kind":"Pod",
                 "metadata":{"name":"{{app}}-deploy-7d4b9c","namespace":"hello","labels":{"app":"{{app}}-deploy","version":"v1"} },
                 "spec":{"containers":[{"name":"hello-v1-deploy","image":"demo/http_springboot_v1"},{"name":"istio-proxy","image":"proxy"}]},
                 "status":{"phase":"Running","podIP":"{{ip}}","conditions":[{"type":"Ready","status":"True"}]} }
                """);
        }

        Service(data, "hello1-svc", "172.19.0.1", 8004, """{"app":"hello1-deploy"}""");
        Service(data, "hello2-svc", "172.19.0.2", 8001, null);
        Service(data, "hello3-svc", Hello3ClusterIP, 8001, """{"app":"hello3-deploy"}""");
    }

    private static void Service(FakeKubernetesApi data, string name, string ip, int port, string? selector) =>
        data.Seed(KubernetesKind.Service, $$$"""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}","namespace":"hello"},
             "spec":{"clusterIP":"{{{ip}}}","selector":{{{selector ?? "null"}}},
                     "ports":[{"name":"http-{{{port}}}","port":{{{port}}},"targetPort":8001}]}}
            """);

    private static void SeedVms(FakeKubernetesApi control, bool withVersions)
    {
        control.Seed(KubernetesKind.ServiceEntry, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"ServiceEntry",
             "metadata":{"name":"mesh-expansion-hello2-svc","namespace":"hello"},
             "spec":{"hosts":["hello2-svc.hello.svc.cluster.local"],"location":"MESH_INTERNAL","resolution":"STATIC",
                     "ports":[{"name":"http-8001","number":8001,"protocol":"HTTP"}],
                     "workloadSelector":{"labels":{"app":"hello-workload"}}}}
            """);
        for (int i = 1; i <= 3; i++)
        {
            string version = withVersions ? $",\"version\":\"v{i}\"" : "";
            control.Seed(KubernetesKind.WorkloadEntry, $$$"""
                {"apiVersion":"networking.istio.io/v1beta1","kind":"WorkloadEntry",
                 "metadata":{"name":"mesh-expansion-hello2-svc-{{{i}}}","namespace":"hello"},
                 "spec":{"address":"{{{Vm(i)}}}","labels":{"app":"hello-workload"{{{version}}} } }}
                """);
        }
    }

    private static void SeedRoutes(FakeKubernetesApi control)
    {
        control.Seed(KubernetesKind.Gateway, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"Gateway","metadata":{"name":"hello-gateway","namespace":"hello"},
             "spec":{"selector":{"istio":"ingressgateway"},"servers":[{"port":{"number":8004,"name":"http","protocol":"HTTP"},"hosts":["*"]}]}}
            """);
        control.Seed(KubernetesKind.VirtualService, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"VirtualService","metadata":{"name":"gateway-vs","namespace":"hello"},
             "spec":{"hosts":["*"],"gateways":["hello-gateway"],
                     "http":[{"match":[{"port":8004}],"route":[{"destination":{"host":"hello1-svc","port":{"number":8004}}}]}]}}
            """);
        control.Seed(KubernetesKind.DestinationRule, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"DestinationRule","metadata":{"name":"hello2-dr","namespace":"hello"},
             "spec":{"host":"hello2-svc","subsets":[{"name":"v1","labels":{"version":"v1"}},{"name":"v2","labels":{"version":"v2"}},{"name":"v3","labels":{"version":"v3"}}]}}
            """);
        control.Seed(KubernetesKind.VirtualService, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"VirtualService","metadata":{"name":"hello2-vs","namespace":"hello"},
             "spec":{"hosts":["hello2-svc"],"http":[
               {"name":"http-hello-route","match":[{"uri":{"prefix":"/hello"}}],"route":[
                 {"destination":{"host":"hello2-svc","subset":"v1"},"weight":30},
                 {"destination":{"host":"hello2-svc","subset":"v2"},"weight":60},
                 {"destination":{"host":"hello2-svc","subset":"v3"},"weight":10}]},
               {"name":"http-bye-route","match":[{"uri":{"exact":"/bye"}}],"route":[
                 {"destination":{"host":"hello2-svc","subset":"v1"},"weight":90},
                 {"destination":{"host":"hello2-svc","subset":"v2"},"weight":5},
                 {"destination":{"host":"hello2-svc","subset":"v3"},"weight":5}]}]}}
            """);
    }
}
