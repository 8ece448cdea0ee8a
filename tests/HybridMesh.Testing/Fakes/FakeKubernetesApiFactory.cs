using HybridMesh.Core;

namespace HybridMesh.Testing;

/// <summary>Opens fakes by the kubeconfig's file name (or text) and remembers what was asked.</summary>
public sealed class FakeKubernetesApiFactory : IKubernetesApiFactory
{
    /// <summary>The servers by kubeconfig; the empty key is what a null path opens.</summary>
    public Dictionary<string, FakeKubernetesApi> Servers { get; } = [];

    /// <summary>Each opening: kubeconfig file name or text, and context.</summary>
    public List<(string Kubeconfig, string? Context)> Opened { get; } = [];

    /// <inheritdoc/>
    public Task<IKubernetesApi> OpenAsync(
        string? kubeconfigPath, string? context, CancellationToken cancellationToken) =>
        Task.FromResult<IKubernetesApi>(Open(Path.GetFileName(kubeconfigPath) ?? "", context));

    /// <inheritdoc/>
    public Task<IKubernetesApi> OpenTextAsync(string kubeconfig, string? context, CancellationToken cancellationToken) =>
        Task.FromResult<IKubernetesApi>(Open(kubeconfig, context));

    private FakeKubernetesApi Open(string kubeconfig, string? context)
    {
        Opened.Add((kubeconfig, context));
        return Servers.TryGetValue(kubeconfig, out FakeKubernetesApi? server)
            ? server
            : throw new MeshException(MeshErrorCode.KubeconfigInvalid, $"The kubeconfig '{kubeconfig}' does not exist.", kubeconfig);
    }
}
