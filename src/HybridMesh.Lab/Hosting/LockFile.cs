namespace HybridMesh.Lab;

/// <summary>A file locked against other processes for as long as the stream is open.</summary>
internal static class LockFile
{
    /// <summary>Null when another process holds the lock.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            // FileShare.None is flock on Unix.
            return new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
        catch (IOException)
        {
            return null;
        }
    }
}
