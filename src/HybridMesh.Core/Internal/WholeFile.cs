namespace HybridMesh.Core;

/// <summary>Replaces files as a whole: nobody ever reads half of one, nor a secret that others may read.</summary>
internal static class WholeFile
{
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Writes beside the file and renames: 0600 for a secret, 0644 for others.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, when the file can't be written.</exception>
    public static async Task WriteAsync(
        string path, ReadOnlyMemory<byte> content, bool isSecret, CancellationToken cancellationToken)
    {
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            await WriteNewAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            if (!OperatingSystem.IsWindows() && !isSecret)
            {
                File.SetUnixFileMode(temporary, Public);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"The file '{path}' can't be written: {e.Message}", path, e);
        }
        finally
        {
            Remove(temporary);
        }
    }

    private static async Task WriteNewAsync(
        string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        FileStream stream = new(path, options);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync(content, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was never made: the folder is not there or not ours.
        }
    }
}
