namespace GpuNets.Models;

/// <summary>A run that needs files of its own beside the checkpoints, such as vocabularies; a recipe reads them when it opens the folder again.</summary>
public interface IRunFiles
{
    /// <summary>Writes the files.</summary>
    /// <param name="folder">The folder of the run.</param>
    void SaveFiles(string folder);
}
