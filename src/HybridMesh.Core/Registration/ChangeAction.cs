namespace HybridMesh.Core;

/// <summary>What a command did to one object or record.</summary>
public enum ChangeAction
{
    /// <summary>It was already as asked for; nothing was written.</summary>
    Unchanged,
    /// <summary>It was not there and was made.</summary>
    Created,
    /// <summary>It was there and was changed.</summary>
    Updated,
    /// <summary>It was there and was removed.</summary>
    Removed,
}
