using HybridMesh.Help;

if (args.Length != 3)
{
    await Console.Error.WriteLineAsync("HybridMesh.Help <HybridMesh.Cmdlets.dll> <folder of pages> <folder for help "
        + "files>");
    return 64;
}

try
{
    HelpBuilder.Build(assemblyPath: args[0], pagesFolder: args[1], helpFolder: args[2]);
    return 0;
}
catch (HelpPageException e)
{
    // As compilers put it, so that the build names the page.
    await Console.Error.WriteLineAsync($"{e.Page}: error HELP001: {e.Message}");
    return 1;
}
