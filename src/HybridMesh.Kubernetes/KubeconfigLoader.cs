using HybridMesh.Core;
using k8s;
using k8s.KubeConfigModels;

namespace HybridMesh.Kubernetes;

/// <summary>A kubeconfig, merged of one file or several, and how messages name it.</summary>
internal sealed record LoadedKubeconfig(K8SConfiguration Configuration, string Place);

/// <summary>
/// Reads kubeconfig files as kubectl does: an explicit path, else every file of $KUBECONFIG (the first to name a
/// cluster, user or context wins), else ~/.kube/config.
/// </summary>
internal static class KubeconfigLoader
{
    private const string Variable = "KUBECONFIG";

    public static async Task<LoadedKubeconfig> LoadAsync(string? path)
    {
        if (path is not null)
        {
            string full = Path.GetFullPath(path);
            return File.Exists(full)
                ? new(await ReadAsync(full).ConfigureAwait(false), $"The kubeconfig '{full}'")
                : throw KubeconfigErrors.Missing(full, isDefault: false);
        }

        string[] listed = Environment.GetEnvironmentVariable(Variable)?
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        string[] candidates = listed.Length > 0 ? listed : [KubernetesClientConfiguration.KubeConfigDefaultLocation];

        // kubectl skips files of the list that do not exist, as long as there is one.
        List<string> files = [.. candidates.Select(file => Path.GetFullPath(file.Trim('"'))).Where(File.Exists)];
        if (files.Count == 0)
        {
            throw KubeconfigErrors.Missing(candidates[0], isDefault: listed.Length == 0);
        }

        K8SConfiguration merged = await ReadAsync(files[0]).ConfigureAwait(false);
        foreach (string file in files.Skip(1))
        {
            Merge(merged, await ReadAsync(file).ConfigureAwait(false));
        }

        return new(merged, files.Count == 1 ? $"The kubeconfig '{files[0]}'"
            : $"The kubeconfig merged of {string.Join(", ", files.Select(file => $"'{file}'"))}");
    }

    public static LoadedKubeconfig Parse(string text, string place)
    {
        try
        {
            return new(Checked(KubernetesYaml.Deserialize<K8SConfiguration>(text)), place);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw KubeconfigErrors.Unreadable(place, e);
        }
    }

    private static async Task<K8SConfiguration> ReadAsync(string file)
    {
        try
        {
            string text = await File.ReadAllTextAsync(file).ConfigureAwait(false);
            K8SConfiguration configuration = Checked(KubernetesYaml.Deserialize<K8SConfiguration>(text));
            MakeAbsolute(configuration, Path.GetDirectoryName(file)!);
            return configuration;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw KubeconfigErrors.Unreadable($"The kubeconfig '{file}'", e);
        }
    }

    private static K8SConfiguration Checked(K8SConfiguration? configuration)
    {
        if (configuration is null || (configuration.Kind is { } kind && kind != "Config"))
        {
            throw new InvalidDataException("it is no Config object; is it a kubeconfig?");
        }

        configuration.Clusters ??= [];
        configuration.Contexts ??= [];
        configuration.Users ??= [];
        return configuration;
    }

    // Paths are relative to the file that names them, which merging would forget.
    private static void MakeAbsolute(K8SConfiguration configuration, string folder)
    {
        foreach (Cluster cluster in configuration.Clusters)
        {
            if (cluster.ClusterEndpoint is { CertificateAuthority: { Length: > 0 } authority } endpoint)
            {
                endpoint.CertificateAuthority = Path.Combine(folder, authority);
            }
        }

        foreach (User user in configuration.Users)
        {
            if (user.UserCredentials is { } credentials)
            {
                credentials.ClientCertificate = Absolute(credentials.ClientCertificate, folder);
                credentials.ClientKey = Absolute(credentials.ClientKey, folder);
                if (credentials.ExternalExecution is { Command: { } command } plugin && command.Contains('/'))
                {
                    plugin.Command = Absolute(command, folder);
                }
            }
        }
    }

    private static string? Absolute(string? path, string folder) =>
        string.IsNullOrEmpty(path) ? path : Path.Combine(folder, path);

    private static void Merge(K8SConfiguration first, K8SConfiguration other)
    {
        first.CurrentContext = string.IsNullOrEmpty(first.CurrentContext) ? other.CurrentContext : first.CurrentContext;
        first.Clusters =
            [.. first.Clusters, .. other.Clusters.ExceptBy(first.Clusters.Select(c => c.Name), c => c.Name)];
        first.Contexts =
            [.. first.Contexts, .. other.Contexts.ExceptBy(first.Contexts.Select(c => c.Name), c => c.Name)];
        first.Users = [.. first.Users, .. other.Users.ExceptBy(first.Users.Select(u => u.Name), u => u.Name)];
    }
}
