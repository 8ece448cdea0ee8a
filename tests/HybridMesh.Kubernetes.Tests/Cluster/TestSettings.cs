using System.Text.Json;
using HybridMesh.Testing;

namespace HybridMesh.Kubernetes.Tests;

/// <summary>
/// A real cluster to test against, from the git-ignored tests/test.settings.json. Only contexts listed under
/// TestContexts are touched.
/// </summary>
internal sealed record TestSettings
{
    /// <summary>The data plane's kubeconfig; null means kubectl's defaults.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>The data plane's context; null means the kubeconfig's current one.</summary>
    public string? Context { get; init; }

    /// <summary>The control plane's kubeconfig; null means the data plane's.</summary>
    public string? MeshKubeconfig { get; init; }

    /// <summary>The control plane's context; null means one cluster for both planes.</summary>
    public string? MeshContext { get; init; }

    public string Namespace { get; init; } = "hybridmesh-test";

    public IReadOnlyList<string> TestContexts { get; init; } = [];

    /// <summary>The settings of this checkout; null when there are none, and the tests use the lab.</summary>
    public static TestSettings? Current { get; } = Read(Path.Combine(RepositoryFiles.Root, "tests", "test.settings.json"));

    /// <summary>Refuses contexts that are not named as test contexts, before anything is written.</summary>
    public void Require(params string[] contexts)
    {
        string[] refused = [.. contexts.Where(context => !TestContexts.Contains(context)).Distinct()];
        if (refused.Length > 0)
        {
            throw new InvalidOperationException(
                $"tests/test.settings.json: {string.Join(", ", refused)} is not listed under TestContexts; the tests write "
                + "to the cluster, so each context must be named there.");
        }
    }

    private static TestSettings? Read(string path) => File.Exists(path)
        ? JsonSerializer.Deserialize<TestSettings>(File.ReadAllText(path), JsonSerializerOptions.Web)
        : null;
}
