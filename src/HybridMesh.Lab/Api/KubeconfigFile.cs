using System.Text;

namespace HybridMesh.Lab;

/// <summary>A context of a kubeconfig file: a user's token, at one server.</summary>
public sealed record KubeconfigContext(string Name, string Token, string? Namespace = null);

/// <summary>Writes kubeconfig files; they hold tokens, so that only their owner may read them.</summary>
public static class KubeconfigFile
{
    public static void Write(
        string path, string contextName, Uri server, string caPem, string token, string? ns = null) =>
        Write(path, server, caPem, [new KubeconfigContext(contextName, token, ns)]);

    /// <summary>The first context is the current one.</summary>
    public static void Write(string path, Uri server, string caPem, IReadOnlyList<KubeconfigContext> contexts)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = owner;
        }

        using FileStream stream = new(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(stream.SafeFileHandle, owner);
        }

        stream.Write(Encoding.UTF8.GetBytes(Text(server, caPem, contexts)));
    }

    public static string Text(Uri server, string caPem, IReadOnlyList<KubeconfigContext> contexts)
    {
        string cluster = contexts[0].Name;
        StringBuilder text = new();
        text.Append("apiVersion: v1\nkind: Config\n");
        text.Append("current-context: ").Append(cluster).Append('\n');
        text.Append("clusters:\n- name: ").Append(cluster).Append("\n  cluster:\n    server: ");
        text.Append(server.GetLeftPart(UriPartial.Authority)).Append("\n    certificate-authority-data: ");
        text.Append(Convert.ToBase64String(Encoding.ASCII.GetBytes(caPem + "\n"))).Append('\n');
        text.Append("contexts:\n");
        foreach (KubeconfigContext context in contexts)
        {
            text.Append("- name: ").Append(context.Name).Append("\n  context:\n    cluster: ").Append(cluster);
            text.Append("\n    user: ").Append(context.Name).Append('\n');
            if (context.Namespace is not null)
            {
                text.Append("    namespace: ").Append(context.Namespace).Append('\n');
            }
        }

        text.Append("users:\n");
        foreach (KubeconfigContext context in contexts)
        {
            text.Append("- name: ").Append(context.Name).Append("\n  user:\n    token: ").Append(context.Token)
                .Append('\n');
        }

        return text.ToString();
    }
}
