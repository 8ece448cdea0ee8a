namespace HybridMesh.Core;

/// <summary>Words of a POSIX shell's command line.</summary>
public static class ShellWord
{
    /// <summary>
    /// A text as one word that any shell takes literally: in single quotes, within which nothing is special but the
    /// single quote itself.
    /// </summary>
    /// <exception cref="MeshException">ArgumentInvalid, when it holds a NUL, which no argument can.</exception>
    public static string Quote(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0', StringComparison.Ordinal)
            ? throw new MeshException(
                MeshErrorCode.ArgumentInvalid, "A value holds a NUL character, which no command line can carry.", text)
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
