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

    public required string Context { get; init; }

    /// <summary>The control plane's kubeconfig; null means the data plane's.</summary>
    public string? MeshKubeconfig { get; init; }

    /// <summary>The control plane's context; null means one cluster for both planes.</summary>
    public string? MeshContext { get; init; }

    public string Namespace { get; init; } = "hybridmesh-test";

    public IReadOnlyList<string> TestContexts { get; init; } = [];

    /// <summary>The settings of this checkout; null when there are none, and the tests use the lab.</summary>
    public static TestSettings? Current { get; } = Read(Path.Combine(RepositoryFiles.Root, "tests", "test.settings.json"));

    private static TestSettings? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        TestSettings settings = JsonSerializer.Deserialize<TestSettings>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
        string[] refused = [.. new[] { settings.Context, settings.MeshContext ?? settings.Context }
            .Where(context => !settings.TestContexts.Contains(context)).Distinct()];
        return refused.Length == 0
            ? settings
            : throw new InvalidOperationException(
                $"{path}: {string.Join(", ", refused)} is not listed under TestContexts; the tests write to the cluster, so "
                + "each context must be named there.");
    }
}
