using System.Text;

namespace HybridMesh.Lab;

/// <summary>Writes kubeconfig files; they hold tokens, so that only their owner may read them.</summary>
public static class KubeconfigFile
{
    public static void Write(
        string path, string contextName, Uri server, string caPem, string token, string? ns = null) =>
        Write(path, Text(contextName, server, caPem, token, ns));

    public static void Write(string path, string text)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream stream = new(path, options);
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    public static string Text(string contextName, Uri server, string caPem, string token, string? ns = null)
    {
        string authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(caPem + "\n"));
        string ofNamespace = ns is null ? "" : $"\n    namespace: {ns}";
        return $"""
            apiVersion: v1
            kind: Config
            current-context: {contextName}
            clusters:
            - name: {contextName}
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {authority}
            contexts:
            - name: {contextName}
              context:
                cluster: {contextName}
                user: {contextName}{ofNamespace}
            users:
            - name: {contextName}
              user:
                token: {token}

            """.ReplaceLineEndings("\n");
    }
}
