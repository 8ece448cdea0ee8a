namespace HybridMesh.Lab;

/// <summary>Text as people paste it into their shell.</summary>
internal static class ShellText
{
    private const string Plain = "/._-:=@,+%";

    /// <summary>One word: quoted only when a shell would read more into it.</summary>
    public static string Word(string text) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter))
            ? text
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>An option of ssh whose value is a file: ssh itself splits the value at spaces.</summary>
    public static string SshFileOption(string name, string path) =>
        Word(path.Contains(' ') ? $"{name}=\"{path}\"" : $"{name}={path}");
}
