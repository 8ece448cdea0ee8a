namespace HybridMesh.Asm;

/// <summary>Where credentials are looked for: variables and files, so that tests bring their own.</summary>
/// <param name="Variable">The value of an environment variable; null when it is not set.</param>
/// <param name="Home">The user's home folder.</param>
public sealed record AsmEnvironment(Func<string, string?> Variable, string Home)
{
    /// <summary>This process's.</summary>
    public static AsmEnvironment Process => new(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>The first variable that is set and not blank.</summary>
    internal string? First(params string[] names) =>
        names.Select(Variable).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value))?.Trim();

    internal bool IsTrue(string name) => Variable(name)?.Trim() is string text
        && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase));
}
