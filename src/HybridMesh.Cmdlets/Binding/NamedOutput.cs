using HybridMesh.Core;

namespace HybridMesh.Cmdlets;

/// <summary>Writes what a query found, and an error for each plain name it did not find.</summary>
internal static class NamedOutput
{
    /// <summary>Writes the items as they come; <paramref name="missing"/> makes the error about a name.</summary>
    public static async Task WriteAsync<T>(
        PipelineWriter writer, string[]? names, IAsyncEnumerable<T> items, Func<T, string> nameOf,
        Func<string, MeshException> missing)
        where T : notnull
    {
        HashSet<string> wanted = new(NamePattern.Literals(names), StringComparer.OrdinalIgnoreCase);
        try
        {
            await foreach (T item in items.ConfigureAwait(false))
            {
                wanted.Remove(nameOf(item));
                await writer.WriteAsync(item).ConfigureAwait(false);
            }
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.ObjectNotFound)
        {
            // The namespace is not there; the pipeline's next object may name another.
            await writer.WriteErrorAsync(e, e.ErrorTarget).ConfigureAwait(false);
            return;
        }

        foreach (string name in wanted)
        {
            await writer.WriteErrorAsync(missing(name), name).ConfigureAwait(false);
        }
    }
}
