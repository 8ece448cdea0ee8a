using System.Management.Automation;
using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Runs a query once per name or pattern of a -Name parameter, or once for all.</summary>
internal static class NamePatterns
{
    /// <summary>Writes what is found; a name that does not exist is an error about it, and the others go on.</summary>
    public static async Task WriteAsync<T>(
        IReadOnlyList<string>? names, Func<string?, Func<string, bool>?, IAsyncEnumerable<T>> query, PipelineWriter writer)
        where T : notnull
    {
        foreach (string? name in names ?? [null!])
        {
            try
            {
                await foreach (T item in query(name, Matcher(name)).ConfigureAwait(false))
                {
                    await writer.WriteAsync(item).ConfigureAwait(false);
                }
            }
            catch (MeshException e) when (e.Code == MeshErrorCode.ObjectNotFound)
            {
                await writer.WriteErrorAsync(e, name).ConfigureAwait(false);
            }
        }
    }

    // Kubernetes' names are lower case; patterns ignore case as PowerShell's do.
    private static Func<string, bool>? Matcher(string? name) =>
        name is not null && WildcardPattern.ContainsWildcardCharacters(name)
            ? new WildcardPattern(name, WildcardOptions.IgnoreCase).IsMatch
            : null;
}
