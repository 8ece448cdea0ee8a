namespace HybridMesh.Lab;

/// <summary>Folders and files of the lab, readable by their owner only.</summary>
internal static class FolderTree
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static string Create(string path)
    {
        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        return path;
    }

    public static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // There was none.
        }
    }

    /// <summary>Writes a file whole or not at all, mode 0600.</summary>
    public static void Write(string path, string text, UnixFileMode mode = OwnerOnly)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        };
        using (StreamWriter writer = new(temporary, options))
        {
            writer.Write(text);
        }

        File.SetUnixFileMode(temporary, mode);
        File.Move(temporary, path, overwrite: true);
    }
}
