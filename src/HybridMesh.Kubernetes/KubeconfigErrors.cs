using HybridMesh.Core;

namespace HybridMesh.Kubernetes;

/// <summary>What is wrong with a kubeconfig, in the user's words.</summary>
internal static class KubeconfigErrors
{
    public static MeshException Missing(string path, bool isDefault) => new(
        MeshErrorCode.KubeconfigInvalid,
        isDefault
            ? $"There is no kubeconfig: $KUBECONFIG names none and '{path}' does not exist. Give one with -Kubeconfig."
            : $"The kubeconfig '{path}' does not exist.",
        path);

    public static MeshException Unreadable(string place, Exception cause) => new(
        MeshErrorCode.KubeconfigInvalid, $"{place} can't be read: {FirstLine(cause)}", place, cause);

    public static MeshException ContextMissing(string place, string? context, IReadOnlyList<string> contexts)
    {
        string known = contexts.Count == 0 ? "It has no contexts at all." : $"It has: {string.Join(", ", contexts)}.";
        return new MeshException(
            MeshErrorCode.KubeconfigInvalid,
            context is null
                ? $"{place} has no current-context. {known} Name one with -Context (or -MeshContext)."
                : $"{place} has no context '{context}'. {known}",
            context);
    }

    public static MeshException ContextBroken(string place, string context, Exception cause) => new(
        MeshErrorCode.KubeconfigInvalid, $"Context '{context}' of {place} can't be used: {FirstLine(cause)}",
        context, cause);

    /// <summary>The library puts whole stack traces into some messages; their first line says it.</summary>
    public static string FirstLine(Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        string text = e.Message.Split('\n')[0].Trim();
        const string wrapped = "due to uncaught exception: k8s.Exceptions.KubeConfigException: ";
        int at = text.IndexOf(wrapped, StringComparison.Ordinal);
        return at >= 0 ? text[(at + wrapped.Length)..] : text;
    }
}
