using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A trained model that predicts properties of molecules: what <c>gpunets predict</c> uses.</summary>
public interface IPropertyPredictor
{
    /// <summary>What is predicted.</summary>
    IReadOnlyList<MoleculeTarget> Targets { get; }

    /// <summary>Why the model cannot take a molecule: an element that it does not know, no coordinates; null if it can.</summary>
    /// <param name="molecule">The molecule.</param>
    string? Refuses(Molecule molecule);

    /// <summary>Predicts.</summary>
    /// <param name="molecules">The molecules.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>For each molecule a value per target, in its unit.</returns>
    /// <exception cref="MoleculeException">A molecule has an element that the model does not know, or lacks coordinates that the model needs; the message names it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IReadOnlyList<double[]> Predict(IReadOnlyList<Molecule> molecules, CancellationToken cancellation = default);
}
