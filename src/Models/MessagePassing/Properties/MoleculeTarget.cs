namespace GpuNets.Models;

/// <summary>A property that a network predicts.</summary>
/// <param name="Name">Its name, for instance <c>mu</c>.</param>
/// <param name="Unit">Its unit, for instance <c>Debye</c>.</param>
/// <param name="Mean">Mean over the training molecules: what the network's output 0 stands for.</param>
/// <param name="Deviation">Standard deviation over the training molecules.</param>
/// <param name="ChemicalAccuracy">An error that counts as exact, in the unit; null where there is none.</param>
public sealed record MoleculeTarget(string Name, string Unit, double Mean, double Deviation, double? ChemicalAccuracy = null);
