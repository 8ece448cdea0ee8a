namespace HybridMesh.Core;

/// <summary>What stands between a plan and its execution.</summary>
/// <param name="Approve">Asks whether to go on, given what would change and what would be done to it.</param>
/// <param name="Warn">Takes what the user should act on.</param>
public sealed record ChangeGuard(Func<string, string, Task<bool>> Approve, Action<string> Warn)
{
    /// <summary>Approves everything and hears no warnings.</summary>
    public static ChangeGuard None { get; } = new((_, _) => Task.FromResult(true), _ => { });
}
