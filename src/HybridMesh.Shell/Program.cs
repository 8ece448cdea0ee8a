using HybridMesh.Shell;

if (!ShellArguments.TryParse(args, out ShellArguments arguments, out string? complaint))
{
    await Console.Error.WriteLineAsync($"{complaint}\n\n{ShellArguments.Usage}");
    return ExitCodes.Usage;
}

switch (arguments.Mode)
{
    case ShellMode.Help:
        Console.WriteLine(ShellArguments.Usage);
        return ExitCodes.Success;
    case ShellMode.Version:
        Console.WriteLine(typeof(ShellSession).Assembly.GetName().Version?.ToString(3));
        return ExitCodes.Success;
    default:
        using (ShellSession session = new(Screen.OfConsole()))
        {
            return session.Run(arguments);
        }
}
