namespace HybridMesh.Core;

/// <summary>Reads files that users name.</summary>
internal static class TextFile
{
    /// <exception cref="MeshException">FileNotFound, naming the file.</exception>
    public static Task<string> ReadAsync(string path, CancellationToken cancellationToken) =>
        TryAsync(path, () => File.ReadAllTextAsync(path, cancellationToken));

    /// <exception cref="MeshException">FileNotFound, naming the file.</exception>
    public static Task<byte[]> ReadBytesAsync(string path, CancellationToken cancellationToken) =>
        TryAsync(path, () => File.ReadAllBytesAsync(path, cancellationToken));

    private static async Task<T> TryAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                MeshErrorCode.FileNotFound, $"The file '{path}' can't be read: {e.Message}", path, e);
        }
    }
}
