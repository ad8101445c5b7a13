namespace GpuNets.Training;

/// <summary>Features of the atoms of a molecule.</summary>
internal static class AtomFeatureRows
{
    private const AtomFeatures Perceived = AtomFeatures.Acceptor | AtomFeatures.Donor | AtomFeatures.Hybridization;

    /// <summary>A row for each atom, its features in the order of <see cref="AtomFeatures"/>.</summary>
    /// <exception cref="MoleculeException">An element that the options do not know, a wrong valence, or no partial charges.</exception>
    public static float[] Of(Molecule molecule, MoleculeGraphOptions options)
    {
        bool Has(AtomFeatures feature) => (options.Features & feature) != 0;
        if (Has(Perceived)) molecule.CheckValences();
        int[] places = new int[Element.All.Count + 1];
        for (int i = 0; i < options.Elements.Count; i++) places[options.Elements[i]] = i + 1;
        float[] rows = new float[checked(molecule.Atoms.Length * options.AtomFeatureCount)];
        int next = 0;
        for (int i = 0; i < molecule.Atoms.Length; i++)
        {
            var atom = molecule.Atoms[i];
            int place = places[atom.Element.Number];
            if (place == 0)
                throw molecule.Error($"atom {i + 1} is {atom.Element}, but the network knows only {string.Join(", ", options.Elements.Select(Element.Of))}");
            if (Has(AtomFeatures.Element))
            {
                rows[next + place - 1] = 1f;
                next += options.Elements.Count;
            }
            if (Has(AtomFeatures.AtomicNumber)) rows[next++] = atom.Element.Number;
            if (Has(AtomFeatures.Acceptor)) rows[next++] = molecule.IsAcceptor(i) ? 1f : 0f;
            if (Has(AtomFeatures.Donor)) rows[next++] = molecule.IsDonor(i) ? 1f : 0f;
            if (Has(AtomFeatures.Aromatic)) rows[next++] = atom.IsAromatic ? 1f : 0f;
            if (Has(AtomFeatures.Hybridization))
            {
                var hybridization = molecule.HybridizationOf(i);
                if (hybridization != Hybridization.None) rows[next + (int)hybridization - 1] = 1f;
                next += 3;
            }
            if (Has(AtomFeatures.Hydrogens)) rows[next++] = molecule.HydrogensOf(i);
            if (Has(AtomFeatures.PartialCharge))
                rows[next++] = atom.PartialCharge ?? throw molecule.Error($"atom {i + 1} ({atom.Element}) has no partial charge, which the features ask for");
        }
        return rows;
    }
}
