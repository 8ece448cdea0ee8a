using System.Security.Cryptography.X509Certificates;
using HybridMesh.Core;
using k8s;
using KubernetesClient = k8s.Kubernetes;

namespace HybridMesh.Kubernetes;

/// <summary>
/// Opens API servers by KubernetesClient: its kubeconfig, credentials, login plugins and connections.
/// </summary>
public sealed class KubernetesApiFactory(TimeProvider clock) : IKubernetesApiFactory
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<IKubernetesApi> OpenAsync(
        string? kubeconfigPath, string? context, CancellationToken cancellationToken) =>
        await OpenAsync(
            await KubeconfigLoader.LoadAsync(kubeconfigPath).ConfigureAwait(false), context, cancellationToken)
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<IKubernetesApi> OpenTextAsync(
        string kubeconfig, string? context, CancellationToken cancellationToken) =>
        await OpenAsync(KubeconfigLoader.Parse(kubeconfig, "The mesh's kubeconfig"), context, cancellationToken)
            .ConfigureAwait(false);

    private async Task<IKubernetesApi> OpenAsync(
        LoadedKubeconfig loaded, string? context, CancellationToken cancellationToken)
    {
        string[] contexts = [.. loaded.Configuration.Contexts.Select(item => item.Name)];
        string? asked = context ?? (loaded.Configuration.CurrentContext is { Length: > 0 } current ? current : null);
        if (asked is null || !contexts.Contains(asked, StringComparer.Ordinal))
        {
            throw KubeconfigErrors.ContextMissing(loaded.Place, asked, contexts);
        }

        KubernetesClientConfiguration configuration;
        try
        {
            // A login plugin runs here, and the library waits for it without a token.
            configuration = await Task.Run(
                () => KubernetesClientConfiguration.BuildConfigFromConfigObject(loaded.Configuration, asked),
                cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw KubeconfigErrors.ContextBroken(loaded.Place, asked, e);
        }

        return new KubernetesApi(
            Connect(configuration, loaded.Place, asked), configuration.Namespace ?? "default", asked, clock);
    }

    private static KubernetesClient Connect(KubernetesClientConfiguration configuration, string place, string context)
    {
        UseOwnTrust(configuration);
        try
        {
            return new KubernetesClient(configuration);
        }
        catch (Exception e)
        {
            throw KubeconfigErrors.ContextBroken(place, context, e);
        }
    }

    // The library's own check of a private authority passes a certificate of another host name when its chain is
    // untrusted by the system, which it always is. The platform's check does both.
    private static void UseOwnTrust(KubernetesClientConfiguration configuration)
    {
        X509Certificate2Collection? authorities = configuration.SslCaCerts;
        configuration.SslCaCerts = null;
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.ConnectTimeout = ConnectTimeout;
            handler.AutomaticDecompression = System.Net.DecompressionMethods.GZip;
            if (configuration.TlsServerName is { Length: > 0 } name)
            {
                handler.SslOptions.TargetHost = name;
            }

            if (authorities is { Count: > 0 })
            {
                X509ChainPolicy policy = new()
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                policy.CustomTrustStore.AddRange(authorities);
                handler.SslOptions.CertificateChainPolicy = policy;
            }
        };
    }
}
