namespace HybridMesh.Cmdlets.Tests;

/// <summary>A temporary folder of manifests.</summary>
internal sealed class ManifestFolder : IDisposable
{
    public const string Namespace = """
        apiVersion: v1
        kind: Namespace
        metadata: { name: hello, labels: { istio-injection: enabled } }
        """;

    public const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: { name: hello1 }
        spec: { replicas: 1, selector: { matchLabels: { app: hello1 } } }
        """;

    public const string Gateway = """
        apiVersion: networking.istio.io/v1beta1
        kind: Gateway
        metadata: { name: hello-gateway }
        spec: { selector: { istio: ingressgateway } }
        """;

    public string Path { get; } = Directory.CreateTempSubdirectory("hybridmesh-").FullName;

    public ManifestFolder With(string file, params string[] documents)
    {
        File.WriteAllText(System.IO.Path.Combine(Path, file), string.Join("\n---\n", documents));
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
